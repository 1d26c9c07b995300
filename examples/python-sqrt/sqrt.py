import math

for number in range(1, 11):
    print(number, math.sqrt(number))
