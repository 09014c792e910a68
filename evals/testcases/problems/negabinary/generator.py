from cyaron import randint

print(randint(-10, 10))
