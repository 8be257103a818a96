//! Views whose height may follow from their width, and points that are passed on.

use hexad_density::{DensityError, Map, Normalization, Placed, Plane, Points, View, histogram};

use crate::args::density::values::Size;

/// The view of `bbox`, in the coordinates of the points.
pub fn view(plane: Plane, bbox: [f64; 4], size: Size) -> Result<View, DensityError> {
    with_size(size, |size| plane.view(bbox, size))
}

/// The view of `bounds`, on the plane.
pub fn view_of(bounds: [f64; 4], size: Size) -> Result<View, DensityError> {
    with_size(size, |size| View::new(bounds, size))
}

/// Passes the points and their copies beyond the date line to `take`. The map returned tells, for points with copies,
/// how many there are without them.
pub fn each(
    placed: &Placed<'_>,
    view: &View,
    reach: f64,
    take: impl FnOnce(&Points<'_>) -> Result<(), DensityError>,
) -> Result<Map, DensityError> {
    placed.map(view, reach, |points| {
        take(points)?;
        let one = View::new([0.0, 0.0, 1.0, 1.0], [1, 1])?;
        histogram(&Points::new(&[], &[])?, &one, Normalization::Count)
    })
}

/// A view of `size`; square pixels where no height is given.
fn with_size(
    size: Size,
    view: impl Fn([usize; 2]) -> Result<View, DensityError>,
) -> Result<View, DensityError> {
    let height = match size.height {
        Some(height) => height,
        None => {
            let [x0, y0, x1, y1] = view([1, 1])?.bounds();
            let height = size.width as f64 * (y1 - y0) / (x1 - x0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "saturates where it must"
            )]
            let rounded = height.round().max(1.0) as usize;
            rounded
        }
    };
    view([size.width, height])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_pixels_follow_from_the_width() {
        let size = Size { width: 100, height: None };
        let flat = view(Plane::Planar, [0.0, 0.0, 4.0, 1.0], size).unwrap();
        assert_eq!((flat.width(), flat.height()), (100, 25));
        let world = view(Plane::LonLat, [-180.0, -85.051_128, 180.0, 85.051_128], size).unwrap();
        assert_eq!((world.width(), world.height()), (100, 100));
    }
}
