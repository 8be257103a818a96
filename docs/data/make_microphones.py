"""Makes microphones.csv: one source of noise, heard by three microphones.

The noise is 300 cosines of random frequencies from 200 to 2000 Hz. The left microphone hears it first, the right one
2.35 ms later and 0.7 as loud, the rear one 4.1 ms before the right and upside down, that is 1.75 ms before the left.
Each adds white noise of its own.
"""

import math
import random

RATE_HZ = 10_000
SAMPLES = 1_000
MICROPHONES = [("left", 0.0, 1.0), ("right", 2.35e-3, 0.7), ("rear", -1.75e-3, -0.8)]

draw = random.Random(1)
tones = [(draw.uniform(200, 2000), draw.uniform(0, 2 * math.pi)) for _ in range(300)]


def source(t):
    return sum(math.cos(2 * math.pi * f * t + phase) for f, phase in tones) / math.sqrt(len(tones) / 2)


with open("microphones.csv", "w") as out:
    print("time_s," + ",".join(name for name, _, _ in MICROPHONES), file=out)
    for n in range(SAMPLES):
        t = n / RATE_HZ
        heard = [gain * source(t - delay) + draw.gauss(0, 0.3) for _, delay, gain in MICROPHONES]
        print(f"{t:.4f}," + ",".join(f"{x:.4f}" for x in heard), file=out)
