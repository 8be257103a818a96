//! Maps on request.

use std::fmt::Write;
use std::time::Instant;

use hexad_density::View;
use serde::Serialize;

use super::http::Response;
use super::query::Asked;
use crate::args::density::serve::ServeArgs;
use crate::args::density::{EstimateArgs, MethodKind, NormalizeKind};
use crate::commands::density::Extent;
use crate::commands::density::estimate::{Counted, Setting, count, normalize, refused};
use crate::commands::density::supply::Supply;
use crate::commands::density::words;
use crate::error::{Failure, Outcome};
use crate::picture::{Colors, Image, Scale, ticks};

/// Colours that the page's legend is made of.
const STOPS: u8 = 17;

/// The points, and what the command line says about maps of them.
pub struct Painter<'a> {
    args: &'a ServeArgs,
    supply: Supply<'a>,
    largest_weight: Option<f64>,
}

/// What goes with a picture.
#[derive(Serialize)]
struct About {
    inside: u64,
    top: f64,
    unit: String,
    error_bound: f64,
    /// Places on the bar, from 0 to 1, and values.
    ticks: Vec<(f64, f64)>,
    colors: Vec<String>,
    elapsed_ms: f64,
}

#[derive(Serialize)]
struct Value {
    value: f64,
    unit: String,
}

impl<'a> Painter<'a> {
    pub fn new(args: &'a ServeArgs, supply: Supply<'a>, extent: &Extent) -> Self {
        let largest_weight = args.points.weight.as_ref().map(|_| extent.largest_weight);
        Self { args, supply, largest_weight }
    }

    /// Completes the command line with a query.
    pub fn read(&self, query: &[(String, String)]) -> Outcome<Asked> {
        let ServeArgs { estimate, colormap, scale, .. } = self.args;
        let (colormap, scale) = (*colormap, *scale);
        let start = [0.0; 4];
        let mut asked = Asked {
            bbox: start,
            size: [256; 2],
            estimate: estimate.clone(),
            colormap,
            scale,
            top: None,
            pixel: [0; 2],
        };
        asked.take(query)?;
        if asked.bbox == start {
            return Err(Failure::usage("bbox: is missing"));
        }
        Ok(asked)
    }

    /// The picture, and in the header `X-Map` what its colours mean.
    pub fn picture(&mut self, asked: &Asked) -> Outcome<Response> {
        let started = Instant::now();
        let view = self.view(asked)?;
        let counted = self.map(&asked.estimate, view)?;
        let values = counted.values.iter().copied();
        let scale = match asked.top {
            None => Scale::fit(asked.scale, values),
            Some(top) => Scale::fit(asked.scale, values.filter(|value| *value <= top).chain([top])),
        };
        let colors = Colors::new(asked.colormap, Some(1.0));
        let image = Image::of_map(&counted.values, view.width(), &scale, &colors).to_png()?;
        let about = About {
            inside: counted.tally.inside,
            top: scale.high(),
            unit: self.unit(&asked.estimate),
            error_bound: counted.error_bound,
            ticks: ticks(&scale).into_iter().map(|(place, _)| (place, scale.value(place))).collect(),
            colors: (0..STOPS).map(|stop| css(&colors, stop)).collect(),
            elapsed_ms: 1e3 * started.elapsed().as_secs_f64(),
        };
        let mut response = Response::ok("image/png", image);
        response.headers.push(("X-Map", ascii(&json(&about)?)));
        Ok(response)
    }

    /// The value of one pixel of the picture.
    pub fn value(&mut self, asked: &Asked) -> Outcome<Response> {
        let view = self.view(asked)?.cut(asked.pixel, [1, 1]);
        let view = view.map_err(|_| Failure::usage("column, row: there is no such pixel"))?;
        let counted = self.map(&asked.estimate, view)?;
        let value = Value { value: counted.values[0], unit: self.unit(&asked.estimate) };
        Ok(Response::ok("application/json", json(&value)?.into_bytes()))
    }

    fn view(&self, asked: &Asked) -> Outcome<View> {
        View::new(asked.bbox, asked.size).map_err(|error| Failure::usage(error.to_string()))
    }

    fn map(&mut self, estimate: &EstimateArgs, view: View) -> Outcome<Counted> {
        let plane = self.args.points.crs.plane();
        let name = self.supply.name();
        let points = self.supply.all()?;
        let sigma =
            Setting::bandwidth(estimate, plane, &view, &points).map_err(|error| refused(&name, error))?;
        let setting = Setting { plane, view, sigma, largest_weight: self.largest_weight };
        let mut counted = count(estimate, &setting, &mut self.supply, |_| ())?;
        if estimate.method != MethodKind::Knn || estimate.normalize.is_some() {
            normalize(&mut counted, &setting, estimate.normalize.unwrap_or(NormalizeKind::Density));
        }
        Ok(counted)
    }

    fn unit(&self, estimate: &EstimateArgs) -> String {
        words::unit(self.args.points.crs.plane(), estimate, self.supply.names())
    }
}

fn json(value: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(value).map_err(|error| Failure::work(format!("cannot write JSON: {error}")))
}

fn css(colors: &Colors, stop: u8) -> String {
    let [red, green, blue] =
        colors.on_white(u8::try_from(255 * u32::from(stop) / u32::from(STOPS - 1)).unwrap_or(255));
    format!("rgb({red},{green},{blue})")
}

/// JSON as it may stand in a header: without letters beyond ASCII.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
