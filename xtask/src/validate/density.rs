//! The claims of hexad-density.

mod accuracy;
mod laws;
mod question;
mod tiles;

use std::error::Error;

use hexad_density::{Map, View};

use super::claim::{Effort, Quick, System};

pub(crate) const SYSTEM: System = System {
    name: "density",
    title: "Density",
    question: "Where are scattered points dense, at every zoom and fast enough for a map that is dragged?",
    usual: "Points are put into pixels by truncating towards zero, so that the first row and column count \
            two; the border beyond the view is narrower than the kernel, which is wrong by 2 % of the peak \
            at the edge; weights and threads change the last digits.",
    about: "Counts in pixels and sums of kernels at their centres, for any view. \
            Points beyond the view count as far as their kernels reach; every fast map keeps to its definition \
            within the tolerance that the caller sets. The points are 34,006 cities.",
    claims: &[
        ("the question's four pictures", || question::pictures(Effort::Full)),
        ("the question's first row and column", question::edges),
        ("the question's border", question::border),
        ("Gaussian: every width and zoom", || accuracy::gaussian_maps(Effort::Full)),
        ("tilted kernels", || accuracy::tilted(Effort::Full)),
        ("adaptive kernels", || accuracy::adaptive_maps(Effort::Full)),
        ("edge correction", || accuracy::edges(Effort::Full)),
        ("a sweep over widths", || accuracy::sweep(Effort::Full)),
        ("box sums", accuracy::boxes),
        ("nearest neighbours", accuracy::neighbours),
        ("mass is kept", laws::mass),
        ("Diggle: every point counts as one", laws::diggle),
        ("the marginal is the smooth of the marginal", laws::marginal),
        ("same bits when moved by whole pixels", laws::moved),
        ("same bits in any order and division", laws::divided),
        ("same bits for a part of a map", laws::parts),
        ("same bits for any number of threads", laws::threads),
        ("a parent tile is the sum of its children", tiles::parents),
        ("tiles share their edges", tiles::seams),
    ],
    quick: &[
        ("the question's four pictures", Quick::Less("96 x 96 pixels", || question::pictures(Effort::Quick))),
        (
            "Gaussian: every width and zoom",
            Quick::Less(FEWER_VIEWS, || accuracy::gaussian_maps(Effort::Quick)),
        ),
        ("tilted kernels", Quick::Less(FEWER_VIEWS, || accuracy::tilted(Effort::Quick))),
        ("adaptive kernels", Quick::Less(FEWER_VIEWS, || accuracy::adaptive_maps(Effort::Quick))),
        ("edge correction", Quick::Less(FEWER_VIEWS, || accuracy::edges(Effort::Quick))),
        ("a sweep over widths", Quick::Less(FEWER_VIEWS, || accuracy::sweep(Effort::Quick))),
    ],
};

/// What a quick run has of `accuracy::every`.
const FEWER_VIEWS: &str = "3 widths of 7, 2 zooms of 4";

/// Cities lie between these degrees of longitude and latitude, and much of the sea.
const WORLD: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];
const PARIS: [f64; 2] = [2.35, 48.85];

/// The world `zoom` times nearer, Paris in the middle but for the whole.
fn zoomed(zoom: f64, pixels: usize) -> Result<View, Box<dyn Error>> {
    let [x, y] = if zoom > 1.0 { PARIS } else { [0.0, 0.0] };
    let (wide, high) = (180.0 / zoom, 90.0 / zoom);
    Ok(View::new([x - wide, y - high, x + wide, y + high], [pixels, pixels])?)
}

/// Pixels whose values are not the same to the last bit.
fn different(a: &[f64], b: &[f64]) -> usize {
    assert_eq!(a.len(), b.len(), "maps of different size");
    a.iter().zip(b).filter(|(a, b)| a.to_bits() != b.to_bits()).count()
}

/// The same for a part of a map, from column and row `from` of the whole.
fn different_part(part: &Map, whole: &Map, from: [usize; 2]) -> usize {
    let rows = part
        .values()
        .chunks(part.view().width())
        .zip(whole.values().chunks(whole.view().width()).skip(from[1]));
    rows.map(|(part, whole)| different(part, &whole[from[0]..from[0] + part.len()])).sum()
}
