//! What the colours of a map mean: a bar with ticks, and its unit.

use std::fmt::Write;

use super::{Colors, Image, Scale, ScaleKind};
use crate::error::{Failure, Outcome};
use crate::plot::{AxisScale, Ticks, escaped, rasterized};

/// A bar of the colours, with the values at its ticks beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Legend {
    title: String,
    caption: Option<String>,
    ticks: Vec<(f64, String)>,
    bar: Vec<[u8; 3]>,
}

/// In pixels: beside the bar, the bar, its ticks, and the line of text beyond the labels.
const GAP: f64 = 10.0;
const BAR: f64 = 13.0;
const TICK: f64 = 4.0;
const TITLE: f64 = 18.0;
const FONT: f64 = 11.0;
/// Width of a character of the font, in its heights: that of a digit.
const CHARACTER: f64 = 0.64;
/// Ticks are at least as far apart.
const APART: f64 = 16.0;
/// What a legend beside a picture is never lower than.
const LOWEST: usize = 120;

impl Legend {
    /// The legend of a map: `title` is the quantity with its unit.
    pub fn new(title: impl Into<String>, scale: &Scale, colors: &Colors) -> Self {
        Self {
            title: title.into(),
            caption: None,
            ticks: ticks(scale),
            bar: (0..=255).map(|index| colors.on_white(index)).collect(),
        }
    }

    /// The legend of a map from `-reach` to `reach`, with zero in the middle.
    pub fn symmetric(title: impl Into<String>, reach: f64, colors: &Colors) -> Self {
        let values = Ticks::new(&(-reach..reach), AxisScale::Linear).labelled;
        let ticks = values.into_iter().map(|(value, label)| (0.5 + 0.5 * value / reach, label));
        Self {
            title: title.into(),
            caption: None,
            ticks: ticks.collect(),
            bar: (0..=255).map(|index| colors.on_white(index)).collect(),
        }
    }

    /// Adds words above the bar of a legend beside a picture.
    pub fn with_caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Its width beside a picture.
    pub fn width(&self) -> f64 {
        let longest = self.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
        let bar = BAR + TICK + 3.0 + longest as f64 * CHARACTER * FONT + TITLE;
        let caption = self.caption.as_ref().map_or(0, |words| words.chars().count());
        (2.0 * GAP + bar.max(caption as f64 * CHARACTER * FONT)).ceil()
    }

    /// SVG elements of an upright legend whose bar begins at `x` and is as high as `y` runs, from its top.
    pub fn svg(&self, x: f64, top: f64, bottom: f64) -> String {
        let mut svg = String::new();
        let height = bottom - top;
        let step = height / self.bar.len() as f64;
        for (index, [red, green, blue]) in self.bar.iter().rev().enumerate() {
            let y = top + index as f64 * step;
            // Each reaches under the next, and edges are not blended: no seam shows.
            let _ = write!(
                svg,
                r#"<rect x="{x:.2}" y="{y:.2}" width="{BAR}" height="{:.2}" fill="rgb({red},{green},{blue})" shape-rendering="crispEdges"/>"#,
                (2.0 * step).min(bottom - y)
            );
        }
        let _ = write!(
            svg,
            r##"<rect x="{x:.2}" y="{top:.2}" width="{BAR}" height="{height:.2}" fill="none" stroke="#282c34"/>"##
        );
        let right = x + BAR;
        for (y, label) in self.shown(top, bottom) {
            let _ = write!(
                svg,
                r##"<line x1="{right:.2}" y1="{y:.2}" x2="{:.2}" y2="{y:.2}" stroke="#282c34"/>"##,
                right + TICK
            );
            svg.push_str(&text(right + TICK + 3.0, y + 0.36 * FONT, "start", "", label));
        }
        let (x, middle) = (x + self.width() - 2.0 * GAP, 0.5 * (top + bottom));
        let turn = format!(r#" transform="rotate(-90 {x:.2} {middle:.2})""#);
        svg + &text(x, middle, "middle", &turn, &self.title)
    }

    /// `image` with the legend on white paper to its right.
    pub fn beside(&self, image: &Image) -> Outcome<Image> {
        let height = image.height().max(LOWEST);
        let width = self.width();
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{}</svg>"#,
            self.strip(height as f64)
        );
        let drawn = rasterized(&svg, 1.0)
            .map_err(|error| Failure::work(format!("cannot draw the legend: {error}")))?;
        let mut whole = Image::filled(image.width() + drawn.width(), height, [255; 4]);
        // What is clear in the picture stays so.
        for (line, row) in whole.rgba_mut().chunks_mut(image.width() + drawn.width()).enumerate() {
            row[..image.width()].fill(if line < image.height() { [255, 255, 255, 0] } else { [255; 4] });
        }
        whole.place(image, 0, 0);
        whole.place(&drawn, image.width(), 0);
        Ok(whole)
    }

    /// The elements beside a picture of this height.
    fn strip(&self, height: f64) -> String {
        match &self.caption {
            None => self.svg(GAP, GAP, height - GAP),
            Some(words) => {
                let caption = text(GAP, GAP + FONT, "start", "", words);
                caption + &self.svg(GAP, 2.0 * GAP + 1.5 * FONT, height - GAP)
            }
        }
    }

    /// Heights and labels of the ticks that are far enough apart, the ends first.
    fn shown(&self, top: f64, bottom: f64) -> Vec<(f64, &str)> {
        let mut shown: Vec<(f64, &str)> = Vec::new();
        let ends = self.ticks.first().into_iter().chain(self.ticks.last());
        for (place, label) in ends.chain(&self.ticks) {
            let y = bottom - place * (bottom - top);
            if shown.iter().all(|(other, _)| (other - y).abs() >= APART) {
                shown.push((y, label));
            }
        }
        shown
    }
}

/// Places on the bar, from 0 to 1, and labels: round values, or, for ranks, the values at quarters.
pub fn ticks(scale: &Scale) -> Vec<(f64, String)> {
    let high = scale.high();
    if high <= 0.0 {
        return vec![(0.0, "0".to_string())];
    }
    let nothing = (0.0, "0".to_string());
    match scale.kind() {
        ScaleKind::Quantile => {
            let quarter = |share: f64| (share, crate::units::four_digits(rounded(scale.value(share))));
            std::iter::once(nothing).chain([0.25, 0.5, 0.75, 1.0].map(quarter)).collect()
        }
        ScaleKind::Log => {
            let range = scale.floor().log10()..high.log10();
            let powers = Ticks::new(&range, AxisScale::Log).labelled;
            let placed = powers.into_iter().map(|(power, label)| (scale.place(10_f64.powf(power)), label));
            std::iter::once(nothing).chain(placed).collect()
        }
        ScaleKind::Linear | ScaleKind::Sqrt => {
            let values = Ticks::new(&(0.0..high), AxisScale::Linear).labelled;
            values.into_iter().map(|(value, label)| (scale.place(value), label)).collect()
        }
    }
}

/// To three digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn text(x: f64, y: f64, anchor: &str, more: &str, words: &str) -> String {
    format!(
        r##"<text x="{x:.2}" y="{y:.2}" font-family="sans-serif" font-size="{FONT}" text-anchor="{anchor}" fill="#282c34"{more}>{}</text>"##,
        escaped(words)
    )
}

#[cfg(test)]
mod tests {
    use super::super::Colormap;
    use super::*;

    fn legend(kind: ScaleKind, high: f64) -> Legend {
        let values = (0..=1000).map(move |i| high * (f64::from(i) / 1000.0).powi(3));
        Legend::new("points / km\u{b2}", &Scale::fit(kind, values), &Colors::new(Colormap::Viridis, None))
    }

    #[test]
    fn ticks_stand_where_their_values_are() {
        let linear = legend(ScaleKind::Linear, 50.0);
        assert!(linear.ticks.contains(&(0.2, "10".to_string())), "{:?}", linear.ticks);
        let root = legend(ScaleKind::Sqrt, 100.0);
        assert!(root.ticks.contains(&(0.6_f64.sqrt(), "60".to_string())), "{:?}", root.ticks);
        let log = legend(ScaleKind::Log, 100.0);
        assert!(log.ticks.iter().any(|(_, label)| label == "10") && log.ticks[0].1 == "0");
        let ranks = legend(ScaleKind::Quantile, 8.0);
        // Of the 990 values that are not below a millionth of the largest.
        assert_eq!(ranks.ticks[2], (0.5, "1.03".to_string()));
    }

    #[test]
    fn labels_never_overlap() {
        for kind in [ScaleKind::Linear, ScaleKind::Sqrt, ScaleKind::Log, ScaleKind::Quantile] {
            for high in [1e-300, 3e-7, 1.0, 17.0, 4e12, 1e308] {
                let legend = legend(kind, high);
                let mut heights: Vec<f64> = legend.shown(10.0, 110.0).iter().map(|tick| tick.0).collect();
                heights.sort_by(f64::total_cmp);
                assert!(heights.len() >= 2, "{kind:?} {high}");
                assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= APART), "{kind:?} {high}");
            }
        }
    }

    #[test]
    fn a_legend_stands_beside_its_picture() {
        let image = Image::filled(30, 20, [1, 2, 3, 0]);
        let whole = legend(ScaleKind::Linear, 5.0).beside(&image).unwrap();
        assert_eq!(whole.height(), LOWEST);
        assert_eq!(whole.rgba()[0][3], 0);
        let dark = whole.rgba().iter().filter(|pixel| pixel[0] < 128).count();
        assert!(dark > 500, "{dark}");
    }
}
