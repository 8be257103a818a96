//! Snapshots as a picture that moves, or as one picture each.

use std::ops::Range;
use std::path::Path;

use super::frames::Frames;
use super::scene::{Plane, Scene};
use super::setup::Setup;
use crate::error::{Failure, Outcome};
use crate::output::PendingFolder;
use crate::picture::{Animation, Area, Colors, Framed, Image, Legend, pixels, text};
use crate::plot::rasterized;
use crate::progress::Progress;

/// What the field may fill in a GIF and in a PNG, in pixels.
const MOVING: [f64; 2] = [520.0, 440.0];
const STILL: [f64; 2] = [760.0, 600.0];
/// How high a line is drawn, as a share of its length.
const LINE: f64 = 0.45;
/// How long a frame stays, in s.
const PAUSE: f64 = 0.06;
/// The share of the values that are not nothing which stay below the strongest colour.
const SHOWN: f64 = 0.995;
/// Relative to the largest value, less is nothing.
const NOTHING: f64 = 1e-3;
/// Values that tell where that is.
const SAMPLE: usize = 1 << 20;

/// What pictures of a run have in common.
pub struct Show<'a> {
    setup: &'a Setup<'a>,
    scene: &'a Scene,
    colors: Colors,
    /// The pressure of the strongest colour.
    pub reach: f64,
}

impl<'a> Show<'a> {
    /// Looks at all frames, and the last field, for their largest values.
    pub fn new(
        setup: &'a Setup<'a>,
        scene: &'a Scene,
        frames: Option<&mut Frames>,
        last: &Plane,
    ) -> Outcome<Self> {
        let colors = Colors::diverging();
        let given = setup.snapshots.as_ref().and_then(|snapshots| snapshots.scale_pa);
        let mut sizes = Sizes::default();
        match (given, frames) {
            (None, Some(frames)) => {
                for index in 0..frames.count() {
                    sizes.add(&scene.plane(&frames.read(index)?));
                }
            }
            _ => sizes.add(last),
        }
        let reach = given.unwrap_or_else(|| if scene.is_line() { sizes.largest } else { sizes.reach() });
        Ok(Self { setup, scene, colors, reach: if reach > 0.0 { reach } else { 1.0 } })
    }

    /// The picture of a plane, and what its colours mean.
    pub fn image(&self, plane: &Plane) -> Image {
        Image::of_signed(&plane.values, plane.width, self.reach, &self.colors)
    }

    /// What the colours mean.
    pub fn legend(&self) -> Legend {
        Legend::symmetric("pressure [Pa]", self.reach, &self.colors)
    }

    /// The bytes of a GIF.
    pub fn gif(&self, frames: &mut Frames, progress: &Progress) -> Outcome<Vec<u8>> {
        let stage = Stage::new(self, MOVING)?;
        let mut animation: Option<Animation> = None;
        for index in 0..frames.count() {
            let image = stage.draw(frames, index)?;
            let animation = match &mut animation {
                Some(animation) => animation,
                none => none.insert(Animation::new(image.width(), image.height(), PAUSE, &self.colors)?),
            };
            animation.add(&image)?;
            progress.at(index + 1);
        }
        animation.map_or_else(|| Ok(Vec::new()), Animation::finish)
    }

    /// A folder of PNGs.
    pub fn pngs(&self, frames: &mut Frames, path: &Path, progress: &Progress) -> Outcome<PendingFolder> {
        let folder = PendingFolder::create(path)?;
        let stage = Stage::new(self, STILL)?;
        let digits = frames.count().to_string().len().max(4);
        for index in 0..frames.count() {
            folder.write(&format!("{FRAME}{index:0digits$}.png"), &stage.draw(frames, index)?.to_png()?)?;
            progress.at(index + 1);
        }
        Ok(folder)
    }
}

/// How names of pictures in a folder begin.
pub const FRAME: &str = "frame_";

/// Sizes of values, of a bounded number of them.
#[derive(Default)]
struct Sizes {
    largest: f64,
    every: usize,
    values: Vec<f64>,
}

impl Sizes {
    fn add(&mut self, plane: &Plane) {
        self.every = self.every.max(1);
        self.largest = plane.values.iter().fold(self.largest, |largest, value| largest.max(value.abs()));
        self.values.extend(plane.values.iter().step_by(self.every).map(|value| value.abs()));
        if self.values.len() > SAMPLE {
            let mut keep = false;
            self.values.retain(|_| {
                keep = !keep;
                keep
            });
            self.every *= 2;
        }
    }

    fn reach(&mut self) -> f64 {
        let least = NOTHING * self.largest;
        self.values.retain(|value| *value > least);
        if self.values.is_empty() {
            return self.largest;
        }
        let place = pixels(SHOWN * (self.values.len() - 1) as f64, 1);
        *self.values.select_nth_unstable_by(place, f64::total_cmp).1
    }
}

/// What stays the same from frame to frame.
struct Stage<'s> {
    show: &'s Show<'s>,
    fixed: Image,
    area: Area,
    times: Times,
}

impl<'s> Stage<'s> {
    fn new(show: &'s Show<'s>, largest: [f64; 2]) -> Outcome<Self> {
        let scene = show.scene;
        let blank = if scene.is_line() {
            Image::filled(pixels(largest[0], 1), pixels(LINE * largest[0], 1), [255; 4])
        } else {
            let plane = scene.plane(&vec![0.0; show.setup.model.grid().cells().iter().product()]);
            Image::filled(plane.width, plane.values.len() / plane.width, [255; 4])
        };
        let legend = (!scene.is_line()).then(|| show.legend());
        let framed = Framed {
            title: String::new(),
            image: &blank,
            is_smooth: true,
            labels: scene.labels("pressure [Pa]"),
            ticks: scene.ticks(show.range()),
            legend: legend.as_ref(),
            overlay: &|area| scene.overlay(area),
            largest,
        };
        let area = framed.sheet().map;
        let fixed = drawn(&framed.svg(""))?;
        let times = Times::new(show.setup);
        Ok(Self { show, fixed, area, times })
    }

    fn draw(&self, frames: &mut Frames, index: u64) -> Outcome<Image> {
        let plane = self.show.scene.plane(&frames.read(index)?);
        let (width, height) = (self.fixed.width(), self.fixed.height());
        let mut whole = Image::filled(width, height, [255; 4]);
        let is_line = self.show.scene.is_line();
        if !is_line {
            let image = self.show.image(&plane);
            let (width, height) = (pixels(self.area.width, 1), pixels(self.area.height, 1));
            whole.place(
                &image.scaled(width, height, true)?,
                pixels(self.area.left, 1),
                pixels(self.area.top, 1),
            );
        }
        whole.place(&self.fixed, 0, 0);
        let title =
            format!("{}{}, t = {}", self.show.setup.title, self.show.scene.cut(), self.times.of(index));
        let middle = self.area.left + 0.5 * self.area.width;
        let mut svg =
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">"#);
        svg.push_str(&text(middle, 0.62 * self.area.top, 15, "middle", "", &title));
        if is_line {
            svg.push_str(&self.curve(&plane));
        }
        whole.place(&drawn(&(svg + "</svg>"))?, 0, 0);
        Ok(whole)
    }

    fn curve(&self, plane: &Plane) -> String {
        let range = self.show.range();
        let step = 1.0 / plane.values.len() as f64;
        let place = |(cell, value): (usize, &f64)| {
            let y = (value - range.start) / (range.end - range.start);
            let [x, y] = self.area.at((cell as f64 + 0.5) * step, y.clamp(0.0, 1.0));
            format!("{x:.1},{y:.1}")
        };
        let points: Vec<_> = plane.values.iter().enumerate().map(place).collect();
        format!(
            r##"<polyline points="{}" fill="none" stroke="#c8362a" stroke-width="1.6" stroke-linejoin="round"/>"##,
            points.join(" ")
        )
    }
}

impl Show<'_> {
    /// The pressures that a line is drawn between.
    fn range(&self) -> Range<f64> {
        -1.05 * self.reach..1.05 * self.reach
    }
}

/// When frames are, in a unit that suits the run.
pub struct Times {
    step: f64,
    digits: usize,
    unit: &'static str,
}

impl Times {
    /// Of the snapshots of a run.
    pub fn new(setup: &Setup<'_>) -> Self {
        let end = setup.clock.end_time();
        let every = setup.snapshots.as_ref().map_or(1, |snapshots| snapshots.every);
        let (factor, unit) = match end {
            end if end < 2e-3 => (1e6, "\u{b5}s"),
            end if end < 2.0 => (1e3, "ms"),
            _ => (1.0, "s"),
        };
        let step = factor * every as f64 * setup.clock.dt();
        Self { step, digits: pixels((1.0 - step.log10().floor()).clamp(0.0, 6.0), 1), unit }
    }

    fn of(&self, index: u64) -> String {
        format!("{:.*} {}", self.digits, self.step * index as f64, self.unit)
    }
}

fn drawn(svg: &str) -> Outcome<Image> {
    rasterized(svg, 1.0).map_err(|error| Failure::work(format!("cannot draw a frame: {error}")))
}
