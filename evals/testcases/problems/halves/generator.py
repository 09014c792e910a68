from cyaron import randint

print(randint(1, 1000))
