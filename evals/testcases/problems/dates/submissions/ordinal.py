import datetime as d

a, b = (d.datetime.strptime(input().strip(), "%Y-%m-%d").toordinal() for _ in range(2))
print(max(a, b) - min(a, b))
