from datetime import date

print(abs((date.fromisoformat(input().strip()) - date.fromisoformat(input().strip())).days))
