//! A finished map on its way to files and to words.

use std::cell::LazyCell;

use super::estimate::{Counted, Setting};
use super::frame::Frame;
use super::outputs::{Format, Outputs};
use super::spots::Spot;
use super::summary::Summary;
use super::supply::Supply;
use super::{geojson, grid, words};
use crate::args::density::points::Crs;
use crate::args::density::{MapArgs, MethodKind, NormalizeKind};
use crate::error::Outcome;
use crate::output::{self, Pending};
use crate::picture::{Dots, Image, Legend, Scale};

/// Opacity of dots.
const DOTS: u8 = 200;

/// A finished map.
pub struct Drawing<'a> {
    /// What was asked for.
    pub args: &'a MapArgs,
    /// Plane, view and bandwidth.
    pub setting: &'a Setting,
    /// The values.
    pub counted: &'a Counted,
    /// Dots to draw on it.
    pub dots: Option<Dots>,
    /// Its hot spots, level by level.
    pub spots: &'a [Vec<Spot>],
    /// Where the points came from.
    pub supply: &'a Supply<'a>,
}

impl Drawing<'_> {
    /// Writes every file asked for beside its place.
    pub fn write(&self, outputs: &Outputs) -> Outcome<Vec<Pending>> {
        let mut pending = Vec::new();
        let (values, width) = (&self.counted.values, self.setting.view.width());
        let picture = LazyCell::new(|| self.picture());
        if let Some((path, format)) = outputs.out {
            pending.push(match format {
                Format::Npy => output::write(path, |out| grid::write_npy(values, width, out))?,
                Format::Csv => output::write(path, |out| grid::write_csv(values, width, out))?,
                Format::Png => {
                    let (image, legend) = &*picture;
                    let bytes = if self.args.picture.legend {
                        legend.beside(image)?.to_png()?
                    } else {
                        image.to_png()?
                    };
                    output::write(path, |out| out.write_all(&bytes))?
                }
            });
        }
        if let Some((path, kind)) = outputs.plot {
            let (image, legend) = &*picture;
            let bytes = self.frame(image, legend).render(kind)?;
            pending.push(output::write(path, |out| out.write_all(&bytes))?);
        }
        if let Some(path) = outputs.contours {
            let Setting { plane, .. } = *self.setting;
            let (unit, area) = (self.unit(), words::area(plane, self.supply.names()));
            pending.push(output::write(path, |out| geojson::write(plane, self.spots, &unit, &area, out))?);
        }
        Ok(pending)
    }

    fn picture(&self) -> (Image, Legend) {
        let colors = self.args.picture.colors();
        let scale = Scale::fit(self.args.picture.scale, self.counted.values.iter().copied());
        let mut image = Image::of_map(&self.counted.values, self.setting.view.width(), &scale, &colors);
        if let Some(dots) = &self.dots {
            let [red, green, blue] = colors.ink();
            dots.paint(&mut image, [red, green, blue, DOTS]);
        }
        (image, Legend::new(self.unit(), &scale, &colors))
    }

    fn frame<'f>(&'f self, image: &'f Image, legend: &'f Legend) -> Frame<'f> {
        let points = words::thousands(self.counted.tally.inside);
        Frame {
            title: format!("{points} points: {}", words::method(&self.args.estimate)),
            image,
            is_smooth: self.args.estimate.method != MethodKind::Histogram,
            plane: self.setting.plane,
            view: &self.setting.view,
            names: self.supply.names(),
            legend,
            spots: self.spots,
        }
    }

    fn unit(&self) -> String {
        words::unit(self.setting.plane, &self.args.estimate, self.supply.names())
    }

    /// What there is to say.
    pub fn summary(&self, outputs: &Outputs) -> Summary {
        let Self { args, setting, counted, .. } = self;
        let view = &setting.view;
        let [dx, dy] = view.pixel_size();
        let (max, at) = largest(&counted.values);
        let normalization = match (args.estimate.method, args.estimate.normalize) {
            (MethodKind::Knn, None) => "score",
            (_, kind) => kind.unwrap_or(NormalizeKind::Density).name(),
        };
        Summary {
            points: counted.tally.points,
            inside: counted.tally.inside,
            missing: counted.tally.missing,
            beyond: (args.points.crs == Crs::Lonlat).then_some(counted.beyond),
            width: view.width(),
            height: view.height(),
            bbox: setting.plane.bounds(view),
            crs: args.points.crs.name(),
            method: args.estimate.method.name(),
            bandwidth: setting.sigma,
            bandwidth_px: setting.sigma.map(|[x, y]| [x / dx, y / dy]),
            normalization,
            unit: self.unit(),
            sum: counted.values.chunks(view.width()).map(|row| row.iter().sum::<f64>()).sum(),
            max,
            max_at: setting.plane.coordinates(view.centre(at % view.width(), at / view.width())),
            error_bound: counted.error_bound,
            hotspots: args.output.hotspots.then(|| self.spots.first().cloned().unwrap_or_default()),
            area_unit: args.output.hotspots.then(|| words::area(setting.plane, self.supply.names())),
            outputs: outputs.written(),
            method_words: words::method(&args.estimate),
        }
    }
}

/// The largest value and its pixel, the first of equals.
fn largest(values: &[f64]) -> (f64, usize) {
    let mut best = (values.first().copied().unwrap_or(0.0), 0);
    for (index, value) in values.iter().enumerate() {
        if *value > best.0 {
            best = (*value, index);
        }
    }
    best
}
