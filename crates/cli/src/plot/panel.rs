//! One pair of axes and what is drawn between them.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, Scale};
use super::look::{GRID, INK, UNITS, font, units};
use super::ruler::Ruler;
use super::series::{Band, Chart, Frame, Series, Style, places};
use super::{Area, Drawn, WIDTH};

/// Where the height of a legend ends, as a share of the panel from below.
const CROWN: f64 = 0.75;
/// What puts all points below that.
const HEADROOM: f64 = 1.0 / CROWN - 1.0;
/// The height of a line of names.
const STRIP: u32 = 22;
/// The share of the panel from below that marks are in, so that there is room for their names.
const MARKED: f64 = 0.9;

/// One pair of axes.
pub struct Panel<'a> {
    /// Its own x axis; `None` for the figure's.
    pub x: Option<Axis>,
    /// The quantity upwards.
    pub y: Axis,
    /// In pixels, labels included.
    pub height: u32,
    /// Whether the y axis is longer where the legend would hide points.
    pub has_headroom: bool,
    /// Whether the y axis begins at 0, though no point does.
    pub is_from_zero: bool,
    /// Whether the curves are named in a line above the panel, and not in its emptiest corner.
    pub is_named_above: bool,
    /// Whether the x axis is named and numbered; panels that share it leave that to the lowest.
    pub has_x_labels: bool,
    /// A shaded band below the curves.
    pub band: Option<Band<'a>>,
    /// Curves, the last on top.
    pub series: Vec<Series<'a>>,
    /// Points that are named.
    pub marks: Vec<Mark>,
}

/// A point with its name beside it.
pub struct Mark {
    /// Where, in the units of the axes.
    pub at: (f64, f64),
    /// Its name.
    pub label: String,
}

impl<'a> Panel<'a> {
    /// The height of a panel that has the picture for itself.
    pub const HEIGHT: u32 = 400;

    /// A panel of curves along the figure's x axis.
    pub fn new(y: Axis, series: Vec<Series<'a>>) -> Self {
        Self {
            x: None,
            y,
            height: Self::HEIGHT,
            has_headroom: false,
            is_from_zero: false,
            is_named_above: false,
            has_x_labels: true,
            band: None,
            series,
            marks: Vec::new(),
        }
    }

    /// The rulers, that along x over `x_range`.
    pub fn rulers(&self, x_axis: &Axis, x_range: Range<f64>) -> (Ruler, Ruler) {
        let x = Ruler::new(x_range, x_axis.scale);
        let mut y_range = self.y_range();
        let y = Ruler::new(y_range.clone(), self.y.scale);
        if !self.has_headroom || self.emptiest_corner(x_axis, &x, &y).1 == 0 {
            return (x, y);
        }
        y_range.end += HEADROOM * (y_range.end - y_range.start);
        (x, Ruler::new(y_range, self.y.scale))
    }

    /// Places along `axis` of all curves.
    pub fn x_places(&self, axis: &Axis) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.x.iter()).map(move |&x| axis.place(x))
    }

    /// The places upwards that are shown.
    fn y_range(&self) -> Range<f64> {
        let band = self.band.iter().flat_map(|band| band.lower.iter().chain(&band.upper));
        let stands = self.is_from_zero || self.series.iter().any(|series| series.style == Style::Stems);
        let foot = (stands && self.y.scale == Scale::Linear).then_some(&0.0);
        let values = self.series.iter().flat_map(|series| series.y.iter()).chain(band).chain(foot);
        let mut range = self.y.range(values.map(|&y| self.y.place(y)), 0.06);
        if foot.is_some() {
            range.start = range.start.max(0.0);
        }
        let marks =
            self.marks.iter().map(|mark| range.start + (self.y.place(mark.at.1) - range.start) / MARKED);
        range.end = marks.fold(range.end, f64::max);
        range
    }

    /// Draws the panel on `area`.
    pub fn draw(&self, x_axis: &Axis, x: Ruler, y: Ruler, label_width: u32, area: &Area) -> Drawn<()> {
        let (corner, _) = self.emptiest_corner(x_axis, &x, &y);
        let (names, area) = area.split_vertically(if self.is_named_above { units(STRIP) } else { 0 });
        let x_label_height = if self.has_x_labels { 48 } else { 0 };
        let mut chart = ChartBuilder::on(&area)
            .margin_left(units(10))
            .margin_right(units(24))
            .margin_top(units(4))
            .margin_bottom(units(6))
            .x_label_area_size(units(x_label_height))
            .y_label_area_size(units(label_width))
            .build_cartesian_2d(x.clone(), y.clone())?;
        chart
            .configure_mesh()
            .x_desc(x_axis.label.clone())
            .y_desc(self.y.label.clone())
            .axis_desc_style(font(13).color(&INK))
            .label_style(font(12).color(&INK))
            .axis_style(INK.stroke_width(UNITS))
            .bold_line_style(GRID.stroke_width(UNITS))
            .light_line_style(GRID.mix(0.5).stroke_width(UNITS))
            .set_all_tick_mark_size(units(5))
            .draw()?;
        let columns = (WIDTH - label_width) as usize;
        let frame = Frame { axes: (x_axis, &self.y), rulers: (x, y), columns };
        if let Some(band) = &self.band {
            band.draw(&mut chart, &frame)?;
        }
        for series in &self.series {
            series.draw(&mut chart, &frame)?;
        }
        for mark in &self.marks {
            mark.draw(&mut chart, &frame)?;
        }
        if self.is_named_above {
            return self.draw_names(&names, units(10 + label_width));
        }
        if self.band.is_none() && self.series.iter().all(|series| series.label.is_empty()) {
            return Ok(());
        }
        chart
            .configure_series_labels()
            .label_font(font(12).color(&INK))
            .legend_area_size(units(28))
            .margin(units(8))
            .background_style(WHITE.mix(0.85))
            .border_style(GRID.stroke_width(UNITS))
            .position(corner)
            .draw()?;
        Ok(())
    }

    /// The names of the curves in a line.
    fn draw_names(&self, area: &Area, start: i32) -> Drawn<()> {
        let mut x = start;
        if let Some(band) = &self.band {
            x = band.draw_key(area, (x, units(STRIP) / 2))?;
        }
        for series in self.series.iter().filter(|series| !series.label.is_empty()) {
            x = series.draw_key(area, (x, units(STRIP) / 2))?;
        }
        Ok(())
    }

    /// Where the legend hides the fewest points, and how many.
    fn emptiest_corner(&self, x_axis: &Axis, x: &Ruler, y: &Ruler) -> (SeriesLabelPosition, usize) {
        const CORNERS: [(bool, bool, SeriesLabelPosition); 4] = [
            (false, true, SeriesLabelPosition::UpperLeft),
            (true, true, SeriesLabelPosition::UpperRight),
            (true, false, SeriesLabelPosition::LowerRight),
            (false, false, SeriesLabelPosition::LowerLeft),
        ];
        let hidden = |right: bool, upper: bool| {
            let count = |series: &Series| {
                let points = places(&series.x, &series.y, (x_axis, &self.y));
                let is_hidden = |&(px, py): &(f64, f64)| {
                    let (px, py) = (x.share(px), y.share(py));
                    // A stem reaches down to the axis.
                    let low = py < 0.25 || series.style == Style::Stems;
                    (if right { px > 0.8 } else { px < 0.2 }) && (if upper { py > CROWN } else { low })
                };
                points.filter(is_hidden).count()
            };
            self.series.iter().map(count).sum::<usize>()
        };
        let counted = CORNERS.into_iter().map(|(right, upper, corner)| (corner, hidden(right, upper)));
        counted.min_by_key(|(_, hidden)| *hidden).unwrap_or((SeriesLabelPosition::UpperLeft, 0))
    }
}

impl Mark {
    /// A ring, and the name above it, towards the side that has room.
    fn draw(&self, chart: &mut Chart, frame: &Frame) -> Drawn<()> {
        const RADIUS: u32 = 5 * UNITS;
        let at = (frame.axes.0.place(self.at.0), frame.axes.1.place(self.at.1));
        let (side, start) = match frame.rulers.0.share(at.0) {
            share if share < 0.7 => (HPos::Left, -units(5)),
            _ => (HPos::Right, units(5)),
        };
        let style =
            font(12).into_text_style(chart.plotting_area()).color(&INK).pos(Pos::new(side, VPos::Bottom));
        let ring = Circle::new((0, 0), RADIUS, INK.stroke_width(UNITS * 3 / 2));
        let name = Text::new(self.label.clone(), (start, -units(8)), style);
        chart.draw_series(std::iter::once(EmptyElement::at(at) + ring + name))?;
        Ok(())
    }
}
