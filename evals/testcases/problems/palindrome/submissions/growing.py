# The longest palindrome that ends at i is at most two longer than the best so far.
s = input()
length, found = 0, []
for end in range(1, len(s) + 1):
    for k in (length + 2, length + 1, length):
        start = end - k
        if k and start >= 0 and s[start:end] == s[start:end][::-1]:
            if k > length:
                length, found = k, []
            found.append(s[start:end])
            break
print(min(found))
