# SPDX-License-Identifier: CC-BY-SA-4.0
"""The question's program, from "Correct amplitude of the python fft (for a Skew normal distribution)", Stack Overflow.

As posted, but for: the indentation, which was lost on the way here; `rebuild` returns what it made, which it drew.
"""

from numpy.fft import fft, fftfreq
import numpy as np
from scipy.stats import skewnorm


def data():
    height = 1
    data = height * skewnorm.pdf(t, a=0, loc=t[int(N/2)])
    # noise_power = 1E-6
    # noise = np.random.normal(scale=np.sqrt(noise_power), size=t.shape)
    # data += noise
    return data


def fft_own(data):
    freq = fftfreq(N, dt)
    data_fft = fft(data) * np.pi
    amp = 2/N * np.abs(data_fft) # * factor (depending on t1)
    # amp = 2/T * np.abs(data_fft)**2
    phase = np.angle(data_fft)
    peaks, = np.where(amp >= 0) # use whole spectrum for rebuild
    return freq, amp, phase, peaks


def rebuild(fft_own):
    freq, amp, phase, peaks = fft_own
    df = freq[1] - freq[0]
    data_rebuild = 0
    for i in peaks:
        amplitude = amp[i] * df
        # amplitude = amp[i] * 0.1
        # amplitude = np.sqrt(amp[i] * df)
        data_rebuild += amplitude * np.exp(0+1j * (2*np.pi * freq[i] * t
                                                   + phase[i]))
    return np.real(data_rebuild)


t0 = 0
t1 = 10 # diff(t0, t1) ∝ df
# T = t1- t0
N = 4096
t = np.linspace(t0, t1, int(N))
dt = (t1 - t0) / N
