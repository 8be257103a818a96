# SPDX-License-Identifier: CC-BY-SA-3.0
"""Two programs of "Efficient method of calculating density of irregularly spaced points", Stack Overflow.

The asker's five nearest neighbours, and the fastest answer (Luke, Neil G), as the asker improved it. As posted, but for:
the indentation, which was lost on the way here; Python 3 needs `list` around `zip`; plots and the other programs are
left out.
"""

import math

import numpy as np
import scipy.ndimage as ndi
from scipy.spatial import KDTree


def grid_density_kdtree(xl, yl, xi, yi, dfactor):
    zz = np.empty([len(xi),len(yi)], dtype=np.uint8)
    zipped = list(zip(xl, yl))
    kdtree = KDTree(zipped)
    for xci in range(0, len(xi)):
        xc = xi[xci]
        for yci in range(0, len(yi)):
            yc = yi[yci]
            density = 0.
            retvalset = kdtree.query((xc,yc), k=5)
            for dist in retvalset[0]:
                density = density + math.exp(-dfactor * pow(dist, 2)) / 5
            zz[yci][xci] = min(density, 1.0) * 255
    return zz


def grid_density_gaussian_filter(x0, y0, x1, y1, w, h, data):
    kx = (w - 1) / (x1 - x0)
    ky = (h - 1) / (y1 - y0)
    r = 20
    border = r
    imgw = (w + 2 * border)
    imgh = (h + 2 * border)
    img = np.zeros((imgh,imgw))
    for x, y in data:
        ix = int((x - x0) * kx) + border
        iy = int((y - y0) * ky) + border
        if 0 <= ix < imgw and 0 <= iy < imgh:
            img[iy][ix] += 1
    return ndi.gaussian_filter(img, (r,r)) ## gaussian convolution
