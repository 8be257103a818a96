//! The page: files that are part of the program.

use clap::ValueEnum;
use serde_json::json;

use super::http::Response;
use super::query::METHODS;
use crate::args::density::MethodKind;
use crate::args::density::serve::ServeArgs;
use crate::args::density::values::Width;
use crate::commands::density::Extent;
use crate::picture::{Colormap, ScaleKind};
use crate::table::Input;

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The file at a path. There are no others: nothing is looked up on disk.
pub fn file(path: &str) -> Option<Response> {
    let (kind, content): (_, &'static [u8]) = match path {
        "/" => ("text/html; charset=utf-8", include_bytes!("page/index.html")),
        "/page.css" => (STYLE, include_bytes!("page/page.css")),
        "/page.js" => (SCRIPT, include_bytes!("page/page.js")),
        "/leaflet.css" => (STYLE, include_bytes!("page/vendor/leaflet.css")),
        "/leaflet.js" => (SCRIPT, include_bytes!("page/vendor/leaflet.js")),
        "/topojson-client.js" => (SCRIPT, include_bytes!("page/vendor/topojson-client.js")),
        "/countries.json" => ("application/json", include_bytes!("page/vendor/countries.json")),
        _ => return None,
    };
    Some(Response::ok(kind, content))
}

/// What the page has to know, as JSON.
pub fn info(args: &ServeArgs, extent: &Extent, points: usize) -> String {
    let is_earth = args.points.crs.plane().is_earth();
    let names = |method: &MethodKind| {
        let is_smooth = matches!(method, MethodKind::Gaussian | MethodKind::Box);
        (method.name().to_string(), json!({ "bandwidth": is_smooth }))
    };
    let bandwidth = match args.estimate.bandwidth {
        Width::Pixels(pixels) => pixels,
        _ => 10.0,
    };
    json!({
        "title": title(args),
        "points": points,
        "crs": if is_earth { "mercator" } else { "planar" },
        "bounds": extent.bounds,
        "methods": METHODS.iter().map(names).collect::<serde_json::Map<_, _>>(),
        "colormaps": values::<Colormap>(),
        "scales": values::<ScaleKind>(),
        "chosen": {
            "method": args.estimate.method.name(),
            "bandwidth": bandwidth,
            "colormap": value(&args.colormap),
            "scale": value(&args.scale),
        },
        "credit": if is_earth { "Coastlines and borders: Natural Earth" } else { "" },
    })
    .to_string()
}

/// The files without their folders.
fn title(args: &ServeArgs) -> String {
    let name = |input: &Input| match input {
        Input::Stdin => input.name(),
        Input::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    };
    args.points.inputs.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn values<T: ValueEnum>() -> Vec<String> {
    T::value_variants().iter().map(value).collect()
}

fn value<T: ValueEnum>(choice: &T) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}
