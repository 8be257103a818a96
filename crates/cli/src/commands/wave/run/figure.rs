//! The last field, and what the receivers heard.

use hexad_core::ndarray::ArrayD;

use super::frames::Frames;
use super::movie::Show;
use super::scene::{Plane, Scene};
use super::setup::Setup;
use super::stepping::Finished;
use crate::error::{Failure, Outcome};
use crate::picture::{Framed, Image, pixels};
use crate::plot::{Axis, Figure, Panel, Picture, Series, Style, rasterized};
use crate::units::four_digits;

/// What a field may fill, in units of the SVG.
const LARGEST: [f64; 2] = [740.0, 520.0];
/// How high the space and time of a line are drawn.
const SPACE_TIME: f64 = 380.0;
/// Receivers that have a panel each; more of them share one.
const FEW: usize = 4;
const SCALE: u32 = 2;

/// A field as a map.
struct Map<'a> {
    title: String,
    plane: &'a Plane,
    ticks: [Vec<(f64, String)>; 2],
    /// Name of the axis that is not the field's.
    other: &'a str,
}

/// The bytes of the picture.
pub fn figure(
    setup: &Setup<'_>,
    scene: &Scene,
    finished: &Finished,
    frames: Option<&mut Frames>,
    picture: Picture,
) -> Outcome<Vec<u8>> {
    let last = scene.plane(&values(&finished.pressure));
    let traces = traces(setup, finished);
    let ended = format!("{}{}, t = {} s", setup.title, scene.cut(), four_digits(setup.clock.end_time()));
    if !scene.is_line() {
        let show = Show::new(setup, scene, frames, &last)?;
        let map = Map { title: ended, plane: &last, ticks: scene.ticks(0.0..1.0), other: "" };
        return map.draw(&show, scene, below(traces), picture);
    }
    let mut panels = vec![line(scene, finished)];
    panels.extend(traces);
    let Some(frames) = frames.filter(|frames| frames.count() > 1) else {
        return Figure { title: ended, x: Axis::linear("time [s]"), panels }.render(picture);
    };
    let plane = space_time(scene, frames)?;
    let show = Show::new(setup, scene, Some(frames), &last)?;
    let every = setup.snapshots.as_ref().map_or(1, |snapshots| snapshots.every);
    let end = (frames.count() * every) as f64 * setup.clock.dt();
    let ticks = scene.ticks(0.0..end);
    let map = Map { title: setup.title.clone(), plane: &plane, ticks, other: "time [s]" };
    map.draw(&show, scene, below(panels), picture)
}

/// The values in the order of the array.
fn values(field: &ArrayD<f64>) -> Vec<f64> {
    field.iter().copied().collect()
}

/// All snapshots of a line, the first at the bottom.
fn space_time(scene: &Scene, frames: &mut Frames) -> Outcome<Plane> {
    let mut all = Plane { values: Vec::new(), width: 1 };
    for index in 0..frames.count() {
        let row = scene.plane(&frames.read(index)?);
        all.width = row.width;
        all.values.extend(row.values);
    }
    Ok(all)
}

fn below(panels: Vec<Panel<'_>>) -> Option<Figure<'_>> {
    (!panels.is_empty()).then(|| Figure { title: String::new(), x: Axis::linear("time [s]"), panels })
}

impl Map<'_> {
    /// The map, and panels below it.
    fn draw(
        self,
        show: &Show<'_>,
        scene: &Scene,
        below: Option<Figure<'_>>,
        picture: Picture,
    ) -> Outcome<Vec<u8>> {
        let (image, legend) = (show.image(self.plane), show.legend());
        let stretched = if scene.is_line() {
            image.scaled(pixels(LARGEST[0], SCALE), pixels(SPACE_TIME, SCALE), true)?
        } else {
            image
        };
        let framed = Framed {
            title: self.title,
            image: &stretched,
            is_smooth: true,
            labels: scene.labels(self.other),
            ticks: self.ticks,
            legend: Some(&legend),
            overlay: &|area| scene.overlay(area),
            largest: LARGEST,
        };
        match below {
            None => framed.render(picture),
            Some(below) => stacked(&framed, &below, picture),
        }
    }
}

/// A map above panels.
fn stacked(framed: &Framed<'_>, below: &Figure<'_>, picture: Picture) -> Outcome<Vec<u8>> {
    let sheet = framed.sheet();
    let width = f64::from(Figure::WIDTH).max(sheet.width);
    let height = sheet.height + f64::from(below.height());
    let left = (0.5 * (width - sheet.width)).max(0.0).round();
    let panels = String::from_utf8_lossy(&below.render(Picture::Svg)?).into_owned();
    let svg = |paper: &str, map: &str| {
        let upper = framed.svg(map).replacen("<svg ", &format!(r#"<svg x="{left}" "#), 1);
        let lower = panels.replacen("<svg ", &format!(r#"<svg y="{}" "#, sheet.height), 1);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{paper}{lower}{upper}</svg>"#
        )
    };
    match picture {
        Picture::Svg => {
            Ok(svg(r##"<rect width="100%" height="100%" fill="#fff"/>"##, &framed.embedded()?).into_bytes())
        }
        Picture::Png => {
            let mut whole = Image::filled(pixels(width, SCALE), pixels(height, SCALE), [255; 4]);
            framed.place_map(&mut whole, left, SCALE)?;
            let drawn = rasterized(&svg("", ""), SCALE as f32);
            let drawn = drawn.map_err(|error| Failure::work(format!("cannot draw the plot: {error}")))?;
            whole.place(&drawn, 0, 0);
            whole.to_small_png()
        }
    }
}

/// A field of one axis.
fn line<'a>(scene: &Scene, finished: &Finished) -> Panel<'a> {
    let [label, _] = scene.labels("");
    let series = Series::new("", scene.places(), values(&finished.pressure), Style::Result);
    Panel {
        x: Some(Axis::linear(label)),
        height: 260,
        ..Panel::new(Axis::linear("last pressure [Pa]"), vec![series])
    }
}

/// What the receivers heard: a panel each, or all in one where there are many.
fn traces<'a>(setup: &Setup<'_>, finished: &'a Finished) -> Vec<Panel<'a>> {
    let dt = setup.clock.dt();
    let times: Vec<f64> =
        (0..finished.traces.first().map_or(0, Vec::len)).map(|step| step as f64 * dt).collect();
    let named = setup.receivers.iter().zip(&finished.traces);
    if setup.receivers.len() <= FEW {
        let panel = |(name, trace): (&String, &'a Vec<f64>)| Panel {
            height: 200,
            ..Panel::new(
                Axis::linear(format!("{name} [Pa]")),
                vec![Series::new("", times.clone(), trace, Style::Result)],
            )
        };
        return named.map(panel).collect();
    }
    let largest = finished.traces.iter().flatten().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let series = named.enumerate().map(|(number, (_, trace))| {
        let moved: Vec<f64> = trace.iter().map(|value| (number + 1) as f64 + 0.9 * value / unit).collect();
        Series::new("", times.clone(), moved, Style::Curve)
    });
    let label = format!("receiver, 1 = {} Pa", four_digits(unit / 0.9));
    let height = 120 + 30 * u32::try_from(setup.receivers.len()).unwrap_or(u32::MAX).min(20);
    vec![Panel { height, ..Panel::new(Axis::linear(label), series.collect()) }]
}
