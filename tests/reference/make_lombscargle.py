"""Writes lombscargle.csv beside this script: periodograms of SciPy and astropy.

    pip install -r ../peers/requirements.txt astropy
    python make_lombscargle.py

Lines: times, values, sigmas, frequencies; then one case a line: source, mean, weights (0 or 1),
normalization, powers; then the same of y + 0.3 time less its line by numpy.polyfit: "line", weights, normalization,
powers; then probabilities: "level", weights, normalization, highest frequency, power, probability. Numbers are written by repr, so that they read back to the same double.
"""

from itertools import product
from pathlib import Path

import astropy
import numpy as np
import scipy
from astropy.timeseries import LombScargle
from astropy.timeseries.periodograms.lombscargle._statistics import false_alarm_probability
from scipy.signal import lombscargle

HERE = Path(__file__).parent
VERSIONS = f"# scipy {scipy.__version__}, astropy {astropy.__version__}, numpy {np.__version__}, make_lombscargle.py"
MEANS = {"floating": (True, True), "subtracted": (False, True), "zero": (False, False)}


def numbers(values):
    return ",".join(repr(float(value)) for value in np.ravel(values))


def main():
    random = np.random.default_rng(1)
    time = np.sort(random.uniform(3.0, 63.0, 70))
    y = 2.0 + np.sin(2 * np.pi * 0.31 * time) + random.normal(size=time.size)
    sigma = random.uniform(0.5, 2.0, time.size)
    frequency = np.linspace(0.02, 2.4, 40)
    with open(HERE / "lombscargle.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        for values in (time, y, sigma, frequency):
            print(numbers(values), file=out)
        for mean, weighted in product(MEANS, (0, 1)):
            floating, centred = MEANS[mean]
            errors = sigma if weighted else None
            for normalization in ("standard", "model", "log", "psd"):
                fit = LombScargle(time, y, errors, fit_mean=floating, center_data=centred, normalization=normalization)
                power = fit.power(frequency, method="slow")
                print("astropy", mean, weighted, normalization, numbers(power), sep=",", file=out)
            # SciPy centres values by the plain mean, which a floating mean takes up.
            if floating or not centred:
                weights = 1 / sigma**2 if weighted else None
                for normalization, name in ((True, "standard"), ("amplitude", "amplitude")):
                    power = lombscargle(
                        time, y, 2 * np.pi * frequency, weights=weights, floating_mean=floating, normalize=normalization
                    )
                    print("scipy", mean, weighted, name, numbers(np.abs(power)), sep=",", file=out)
        rising = y + 0.3 * time
        for weighted in (0, 1):
            line = np.polyfit(time, rising, 1, w=1 / sigma if weighted else None)
            level = rising - np.polyval(line, time)
            weights = 1 / sigma**2 if weighted else None
            for normalization, name in ((True, "standard"), ("amplitude", "amplitude")):
                power = lombscargle(
                    time, level, 2 * np.pi * frequency, weights=weights, floating_mean=True, normalize=normalization
                )
                print("line", weighted, name, numbers(np.abs(power)), sep=",", file=out)
        # The method of LombScargle would round the highest frequency to its own grid.
        for weighted, normalization in ((0, "standard"), (1, "standard"), (1, "psd")):
            errors = sigma if weighted else None
            for highest, power in product((0.5, 7.0), (0.2, 0.35, 0.6)):
                chance = false_alarm_probability(
                    power, highest, time, y, errors, normalization=normalization, method="baluev"
                )
                print("level", weighted, normalization, numbers([highest, power, chance]), sep=",", file=out)


main()
