//! Curves, points, stems and bands.

use std::borrow::Cow;

use plotters::chart::ChartContext;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, Scale};
use super::look::{DATA, Hue, INK, RESULT, UNITS, font, units};
use super::ruler::Ruler;
use super::thin::{cut_off, thin};
use super::{Area, Drawn};

/// What is drawn for a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Measurements: dots, or a thin line where there are too many.
    Data,
    /// Many values in a row: a thin line.
    Curve,
    /// A result: a strong line.
    Result,
    /// Chosen values: a dot on a stem for each.
    Stems,
    /// One of several curves.
    Line(Hue),
    /// Moments on a curve: a dot for each.
    Dots(Hue),
    /// Events: a bar from 0 for each.
    Bars(Hue),
    /// A level: a dashed line.
    Rule,
    /// A few results: dots joined by a strong line.
    Joined,
    /// What is expected: a dashed line, named in the legend.
    Reference,
    /// Events in so many rows: a small dot for each, however many.
    Spikes(Hue, usize),
}

/// Points of one kind; NaN breaks a line.
pub struct Series<'a> {
    /// Its name in the legend; none if empty.
    pub label: String,
    /// Coordinates, in any order.
    pub x: Cow<'a, [f64]>,
    /// Values.
    pub y: Cow<'a, [f64]>,
    /// How it is drawn.
    pub style: Style,
}

/// The area between two curves.
pub struct Band<'a> {
    /// Its name in the legend.
    pub label: String,
    /// Coordinates, in any order.
    pub x: Cow<'a, [f64]>,
    /// Lower edge.
    pub lower: Vec<f64>,
    /// Upper edge.
    pub upper: Vec<f64>,
}

pub type Chart<'a, 's> = ChartContext<'a, SVGBackend<'s>, Cartesian2d<Ruler, Ruler>>;

/// A panel's axes and rulers, and the pixels between its sides.
pub struct Frame<'p> {
    pub axes: (&'p Axis, &'p Axis),
    pub rulers: (Ruler, Ruler),
    pub columns: usize,
}

impl Frame<'_> {
    /// What can be seen of the points.
    fn seen(&self, x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
        let points = places(x, y, self.axes);
        let points = thin(points, self.rulers.0.span(), self.columns);
        match self.axes.1.scale {
            Scale::Log => cut_off(&points, self.rulers.1.span().start),
            Scale::Linear | Scale::Dates => points,
        }
    }
}

/// Points of values at their places; those without a place along x are left out.
pub fn places<'v>(
    x: &'v [f64],
    y: &'v [f64],
    axes: (&'v Axis, &'v Axis),
) -> impl Iterator<Item = (f64, f64)> {
    let points = x.iter().zip(y).map(move |(&x, &y)| (axes.0.place(x), axes.1.place(y)));
    points.filter(move |(x, _)| axes.0.scale != Scale::Log || x.is_finite())
}

impl<'a> Series<'a> {
    /// Points named `label`.
    pub fn new(
        label: impl Into<String>,
        x: impl Into<Cow<'a, [f64]>>,
        y: impl Into<Cow<'a, [f64]>>,
        style: Style,
    ) -> Self {
        Self { label: label.into(), x: x.into(), y: y.into(), style }
    }
}

impl Series<'_> {
    /// Draws the series and names it in the legend.
    pub fn draw<'a>(&self, chart: &mut Chart<'a, '_>, frame: &Frame) -> Drawn<()> {
        let points = frame.seen(&self.x, &self.y);
        let are_few = self.y.len() <= 3 * frame.columns;
        match self.style {
            Style::Data if are_few => self.draw_dots(chart, &points, frame),
            Style::Data | Style::Curve => self.draw_line(chart, &points, DATA.mix(0.8).stroke_width(UNITS)),
            Style::Result => self.draw_line(chart, &points, RESULT.stroke_width(2 * UNITS)),
            Style::Stems => self.draw_stems(chart, &points, frame),
            Style::Line(hue) => self.draw_line(chart, &points, line(hue)),
            Style::Dots(hue) => {
                let dots = shown(&points).map(|point| Circle::new(point, dot_radius(), hue.color().filled()));
                chart.draw_series(dots)?;
                Ok(())
            }
            Style::Bars(hue) => {
                let bars = shown(&points).map(|(x, y)| PathElement::new([(x, 0.0), (x, y)], line(hue)));
                chart.draw_series(bars)?;
                Ok(())
            }
            Style::Spikes(hue, rows) => self.draw_spikes(chart, (hue, rows), frame),
            Style::Rule => {
                chart.draw_series(stretches(&points).map(|stretch| dashed(stretch.to_vec())))?;
                Ok(())
            }
            Style::Joined => self.draw_joined(chart, &points),
            Style::Reference => self.draw_reference(chart, &points),
        }
    }

    /// How it looks in a legend, and its name, from `at` on; where the next may begin.
    pub fn draw_key(&self, area: &Area, (x, y): (i32, i32)) -> Drawn<i32> {
        let (middle, end) = (x + units(11), x + units(22));
        match self.style {
            Style::Line(hue) => area.draw(&PathElement::new([(x, y), (end, y)], line(hue)))?,
            Style::Bars(hue) => {
                area.draw(&PathElement::new([(middle, y - units(6)), (middle, y + units(6))], line(hue)))?;
            }
            Style::Dots(hue) | Style::Spikes(hue, _) => {
                area.draw(&Circle::new((middle, y), dot_radius(), hue.color().filled()))?;
            }
            Style::Rule | Style::Reference => {
                area.draw(&dashed(vec![(x, y), (end, y)]))?;
            }
            Style::Data | Style::Curve => {
                area.draw(&PathElement::new([(x, y), (end, y)], DATA.stroke_width(UNITS)))?;
            }
            Style::Result | Style::Stems | Style::Joined => {
                area.draw(&PathElement::new([(x, y), (end, y)], RESULT.stroke_width(2 * UNITS)))?;
            }
        }
        draw_name(&self.label, area, (end, y))
    }

    fn draw_dots<'a>(&self, chart: &mut Chart<'a, '_>, points: &[(f64, f64)], frame: &Frame) -> Drawn<()> {
        let radius = UNITS * if self.y.len() <= frame.columns / 2 { 5 } else { 3 } / 2;
        let style = DATA.mix(0.8).filled();
        let dots = points.iter().filter(|point| !point.1.is_nan());
        let drawn = chart.draw_series(dots.map(|&point| Circle::new(point, radius, style)))?;
        if !self.label.is_empty() {
            drawn.label(&self.label).legend(move |(x, y)| Circle::new((x + units(11), y), radius, style));
        }
        Ok(())
    }

    /// Dots that get smaller the more rows they stand in.
    fn draw_spikes<'a>(
        &self,
        chart: &mut Chart<'a, '_>,
        (hue, rows): (Hue, usize),
        frame: &Frame,
    ) -> Drawn<()> {
        let radius = match rows {
            0..=50 => UNITS * 2,
            51..=150 => UNITS * 3 / 2,
            151..=300 => UNITS,
            _ => UNITS * 3 / 4,
        };
        let dots = places(&self.x, &self.y, frame.axes);
        chart.draw_series(dots.map(|point| Circle::new(point, radius, hue.color().filled())))?;
        Ok(())
    }

    fn draw_line<'a>(
        &self,
        chart: &mut Chart<'a, '_>,
        points: &[(f64, f64)],
        style: ShapeStyle,
    ) -> Drawn<()> {
        let lines = stretches(points).map(|stretch| PathElement::new(stretch.to_vec(), style));
        let drawn = chart.draw_series(lines)?;
        if !self.label.is_empty() {
            drawn
                .label(&self.label)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + units(22), y)], style));
        }
        Ok(())
    }

    fn draw_stems<'a>(&self, chart: &mut Chart<'a, '_>, points: &[(f64, f64)], frame: &Frame) -> Drawn<()> {
        let (foot, radius) = (stem_foot(frame), UNITS * 3);
        let stem_style = RESULT.mix(0.6).stroke_width(UNITS);
        let shown = || points.iter().filter(|point| point.1.is_finite());
        // Stems closer than pixels would be one block of colour.
        if self.y.len() <= frame.columns / 3 {
            chart.draw_series(shown().map(|&(x, y)| PathElement::new([(x, foot), (x, y)], stem_style)))?;
        }
        let drawn = chart.draw_series(shown().map(|&point| Circle::new(point, radius, RESULT.filled())))?;
        if !self.label.is_empty() {
            drawn
                .label(&self.label)
                .legend(move |(x, y)| Circle::new((x + units(11), y), radius, RESULT.filled()));
        }
        Ok(())
    }

    fn draw_joined<'a>(&self, chart: &mut Chart<'a, '_>, points: &[(f64, f64)]) -> Drawn<()> {
        const RADIUS: u32 = 4 * UNITS;
        chart.draw_series(shown(points).map(|point| Circle::new(point, RADIUS, RESULT.filled())))?;
        self.draw_line(chart, points, RESULT.stroke_width(2 * UNITS))
    }

    fn draw_reference<'a>(&self, chart: &mut Chart<'a, '_>, points: &[(f64, f64)]) -> Drawn<()> {
        let drawn = chart.draw_series(stretches(points).map(|stretch| dashed(stretch.to_vec())))?;
        drawn.label(&self.label).legend(|(x, y)| dashed(vec![(x, y), (x + units(22), y)]));
        Ok(())
    }
}

impl Band<'_> {
    /// How it looks in a legend, and its name, from `at` on; where the next may begin.
    pub fn draw_key(&self, area: &Area, (x, y): (i32, i32)) -> Drawn<i32> {
        let end = x + units(22);
        area.draw(&Rectangle::new([(x, y - units(5)), (end, y + units(5))], RESULT.mix(0.18).filled()))?;
        draw_name(&self.label, area, (end, y))
    }

    /// Draws the band and names it in the legend.
    pub fn draw<'a>(&self, chart: &mut Chart<'a, '_>, frame: &Frame) -> Drawn<()> {
        let fill = RESULT.mix(0.18);
        let (lower, upper) = (self.edge(&self.lower, frame), self.edge(&self.upper, frame));
        let mut outlines = Vec::new();
        for (lower, upper) in stretches(&lower).zip(stretches(&upper)) {
            let outline: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
            outlines.push(Polygon::new(outline, fill));
        }
        chart.draw_series(outlines)?.label(&self.label).legend(move |(x, y)| {
            Rectangle::new([(x, y - units(5)), (x + units(22), y + units(5))], fill.filled())
        });
        Ok(())
    }

    /// What can be seen of an edge; below a logarithmic axis it runs along the axis.
    fn edge(&self, y: &[f64], frame: &Frame) -> Vec<(f64, f64)> {
        let floor =
            if frame.axes.1.scale == Scale::Log { frame.rulers.1.span().start } else { f64::NEG_INFINITY };
        let raised = places(&self.x, y, frame.axes).map(|(x, y)| (x, if y < floor { floor } else { y }));
        thin(raised, frame.rulers.0.span(), frame.columns)
    }
}

/// A name beside its key; where the next key may begin.
fn draw_name(name: &str, area: &Area, (x, y): (i32, i32)) -> Drawn<i32> {
    let (start, style) = (x + units(6), font(12).into_text_style(area).color(&INK));
    let style = style.pos(Pos::new(HPos::Left, VPos::Center));
    let (width, _) = area.estimate_text_size(name, &style)?;
    area.draw(&Text::new(name.to_string(), (start, y), style))?;
    Ok(start + i32::try_from(width)? + units(20))
}

fn line(hue: Hue) -> ShapeStyle {
    hue.color().stroke_width(UNITS * 5 / 4)
}

fn dashed<P: Clone>(points: Vec<P>) -> DashedPathElement<std::vec::IntoIter<P>, u32> {
    DashedPathElement::new(points, 6 * UNITS, 4 * UNITS, INK.mix(0.6).stroke_width(UNITS))
}

fn dot_radius() -> u32 {
    3 * UNITS
}

fn shown(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    points.iter().copied().filter(|point| point.1.is_finite())
}

/// Where stems begin: at 0, or at the bottom of a logarithmic axis.
fn stem_foot(frame: &Frame) -> f64 {
    if frame.axes.1.scale == Scale::Log { frame.rulers.1.span().start } else { 0.0 }
}

/// The unbroken parts of a line.
fn stretches(points: &[(f64, f64)]) -> impl Iterator<Item = &[(f64, f64)]> {
    points.split(|point| !point.1.is_finite()).filter(|stretch| !stretch.is_empty())
}
