//! Pictures for people: drawn once as SVG, which a PNG is rendered from. The font is part of the program.

mod axis;
mod thin;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use resvg::{tiny_skia, usvg};

use crate::error::{Failure, Outcome};
use axis::Axis;
use thin::thin;

static FONT: &[u8] = include_bytes!("../assets/DejaVuSans.ttf");
/// The family in the SVG: the bundled font in a PNG, the reader's own elsewhere.
const FAMILY: &str = "sans-serif";

/// plotters places everything on whole units; several to a pixel keep curves smooth.
const UNITS: u32 = 8;
const WIDTH: u32 = 960;
const PANEL_HEIGHT: u32 = 400;
const TITLE_HEIGHT: u32 = 40;
/// Pixels of a PNG per pixel of the SVG.
const PNG_SCALE: u32 = 2;

const GRID: RGBColor = RGBColor(228, 230, 234);
const INK: RGBColor = RGBColor(40, 44, 52);
const DATA: RGBColor = RGBColor(122, 138, 160);
const SMOOTH: RGBColor = RGBColor(200, 54, 42);

/// The formats of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// Vectors.
    Svg,
    /// Pixels.
    Png,
}

impl Picture {
    /// The format of a path's extension.
    pub fn of(path: &Path) -> Outcome<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Picture::Svg),
            Some("png") => Ok(Picture::Png),
            _ => Err(Failure::usage(format!(
                "--plot {}: the format follows from the extension, .png or .svg",
                path.display()
            ))),
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Picture::Svg => "svg",
            Picture::Png => "png",
        }
    }
}

/// Panels above each other that share their x axis.
pub struct Figure<'a> {
    /// What is seen.
    pub title: String,
    /// Quantity and unit along x.
    pub x_label: String,
    /// Whether x counts days since 1970-01-01.
    pub dates: bool,
    /// From top to bottom.
    pub panels: Vec<Panel<'a>>,
}

/// One pair of axes.
pub struct Panel<'a> {
    /// Quantity and unit along y.
    pub y_label: String,
    /// A shaded band below the curves.
    pub band: Option<Band<'a>>,
    /// Curves, the last on top.
    pub series: Vec<Series<'a>>,
}

/// What is drawn for a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Measurements: dots, or a thin line where there are too many.
    Data,
    /// A result: a strong line.
    Result,
}

/// Points of one kind; NaN breaks a line.
pub struct Series<'a> {
    /// Its name in the legend.
    pub label: String,
    /// Coordinates, in any order.
    pub x: &'a [f64],
    /// Values.
    pub y: &'a [f64],
    /// How it is drawn.
    pub style: Style,
}

/// The area between two curves.
pub struct Band<'a> {
    /// Its name in the legend.
    pub label: String,
    /// Coordinates, in any order.
    pub x: &'a [f64],
    /// Lower edge.
    pub lower: Vec<f64>,
    /// Upper edge.
    pub upper: Vec<f64>,
}

type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
type Chart<'a, 's> = ChartContext<'a, SVGBackend<'s>, Cartesian2d<Axis, Axis>>;
type Drawn<T> = Result<T, Box<dyn std::error::Error>>;

impl Figure<'_> {
    /// The bytes of the file.
    pub fn render(&self, picture: Picture) -> Outcome<Vec<u8>> {
        let cannot =
            |error: Box<dyn std::error::Error>| Failure::work(format!("cannot draw the plot: {error}"));
        let svg = self.svg().map_err(cannot)?;
        match picture {
            Picture::Svg => Ok(svg.into_bytes()),
            Picture::Png => png(&svg).map_err(cannot),
        }
    }

    fn height(&self) -> u32 {
        TITLE_HEIGHT + PANEL_HEIGHT * u32::try_from(self.panels.len()).unwrap_or(1)
    }

    fn svg(&self) -> Drawn<String> {
        // Registering again replaces the font by itself.
        register_font(FAMILY, FontStyle::Normal, FONT).map_err(|_| "the bundled font is damaged")?;
        let (width, height) = (WIDTH * UNITS, self.height() * UNITS);
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
            root.fill(&WHITE)?;
            self.draw(&root)?;
            root.present()?;
        }
        let size = |units: u32| format!("width=\"{units}\"");
        let drawn = format!("{} height=\"{height}\"", size(width));
        Ok(svg.replacen(&drawn, &format!("{} height=\"{}\"", size(WIDTH), self.height()), 1))
    }

    fn draw(&self, root: &Area) -> Drawn<()> {
        let (head, body) = root.split_vertically(units(TITLE_HEIGHT));
        let middle = (units(WIDTH) / 2, units(TITLE_HEIGHT) * 3 / 5);
        let style = font(15).into_text_style(&head).color(&INK).pos(centre());
        head.draw(&Text::new(self.title.clone(), middle, style))?;
        let x = range(self.panels.iter().flat_map(|p| &p.series).flat_map(|s| s.x), 0.02);
        let y_axes: Vec<_> = self.panels.iter().map(|panel| Axis::new(panel.y_range(), false)).collect();
        // One width for all, so that the panels stand exactly above each other.
        let longest = y_axes.iter().map(Axis::longest_label).max().unwrap_or(0);
        let label_width = 40 + 8 * u32::try_from(longest).unwrap_or(20).min(20);
        let areas = body.split_evenly((self.panels.len(), 1));
        for ((panel, y_axis), area) in self.panels.iter().zip(y_axes).zip(areas) {
            self.draw_panel(panel, &x, y_axis, label_width, &area)?;
        }
        Ok(())
    }

    fn draw_panel(
        &self,
        panel: &Panel,
        x: &Range<f64>,
        y_axis: Axis,
        label_width: u32,
        area: &Area,
    ) -> Drawn<()> {
        let x_axis = Axis::new(x.clone(), self.dates);
        let corner = panel.emptiest_corner(x, &panel.y_range());
        let mut chart = ChartBuilder::on(area)
            .margin_left(units(10))
            .margin_right(units(24))
            .margin_top(units(4))
            .margin_bottom(units(6))
            .x_label_area_size(units(48))
            .y_label_area_size(units(label_width))
            .build_cartesian_2d(x_axis, y_axis)?;
        chart
            .configure_mesh()
            .x_desc(self.x_label.clone())
            .y_desc(panel.y_label.clone())
            .axis_desc_style(font(13).color(&INK))
            .label_style(font(12).color(&INK))
            .axis_style(INK.stroke_width(UNITS))
            .bold_line_style(GRID.stroke_width(UNITS))
            .light_line_style(TRANSPARENT)
            .set_all_tick_mark_size(units(5))
            .draw()?;
        let plot_columns = (WIDTH - label_width) as usize;
        if let Some(band) = &panel.band {
            draw_band(&mut chart, band, x, plot_columns)?;
        }
        for series in &panel.series {
            draw_series(&mut chart, series, x, plot_columns)?;
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
}

impl Panel<'_> {
    fn y_range(&self) -> Range<f64> {
        let band = self.band.iter().flat_map(|band| band.lower.iter().chain(&band.upper));
        range(self.series.iter().flat_map(|s| s.y).chain(band), 0.06)
    }

    /// Where the legend hides the fewest points.
    fn emptiest_corner(&self, x: &Range<f64>, y: &Range<f64>) -> SeriesLabelPosition {
        const CORNERS: [(bool, bool, SeriesLabelPosition); 4] = [
            (false, true, SeriesLabelPosition::UpperLeft),
            (true, true, SeriesLabelPosition::UpperRight),
            (true, false, SeriesLabelPosition::LowerRight),
            (false, false, SeriesLabelPosition::LowerLeft),
        ];
        let share = |value: f64, range: &Range<f64>| (value - range.start) / (range.end - range.start);
        let points = || self.series.iter().flat_map(|series| series.x.iter().zip(series.y));
        let hidden = |right: bool, upper: bool| {
            let is_hidden = |&(&px, &py): &(&f64, &f64)| {
                let (px, py) = (share(px, x), share(py, y));
                (if right { px > 0.8 } else { px < 0.2 }) && (if upper { py > 0.75 } else { py < 0.25 })
            };
            points().filter(is_hidden).count()
        };
        let emptiest = CORNERS.into_iter().min_by_key(|&(right, upper, _)| hidden(right, upper));
        emptiest.map_or(SeriesLabelPosition::UpperLeft, |(_, _, corner)| corner)
    }
}

fn draw_band<'a>(chart: &mut Chart<'a, '_>, band: &Band, x: &Range<f64>, columns: usize) -> Drawn<()> {
    let fill = SMOOTH.mix(0.18);
    let (lower, upper) = (thin(band.x, &band.lower, x, columns), thin(band.x, &band.upper, x, columns));
    let mut outlines = Vec::new();
    for (lower, upper) in stretches(&lower).zip(stretches(&upper)) {
        let outline: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
        outlines.push(Polygon::new(outline, fill));
    }
    chart.draw_series(outlines)?.label(&band.label).legend(move |(x, y)| {
        Rectangle::new([(x, y - units(5)), (x + units(22), y + units(5))], fill.filled())
    });
    Ok(())
}

fn draw_series<'a>(chart: &mut Chart<'a, '_>, series: &Series, x: &Range<f64>, columns: usize) -> Drawn<()> {
    let points = thin(series.x, series.y, x, columns);
    let are_dots = series.style == Style::Data && series.y.len() <= 3 * columns;
    if are_dots {
        let radius = UNITS * if series.y.len() <= columns / 2 { 5 } else { 3 } / 2;
        let style = DATA.mix(0.8).filled();
        let dots =
            points.iter().filter(|point| !point.1.is_nan()).map(|&point| Circle::new(point, radius, style));
        chart
            .draw_series(dots)?
            .label(&series.label)
            .legend(move |(x, y)| Circle::new((x + units(11), y), radius, style));
        return Ok(());
    }
    let style = match series.style {
        Style::Data => DATA.mix(0.8).stroke_width(UNITS),
        Style::Result => SMOOTH.stroke_width(2 * UNITS),
    };
    let lines = stretches(&points).map(|stretch| PathElement::new(stretch.to_vec(), style));
    chart
        .draw_series(lines)?
        .label(&series.label)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + units(22), y)], style));
    Ok(())
}

/// The unbroken parts of a line.
fn stretches(points: &[(f64, f64)]) -> impl Iterator<Item = &[(f64, f64)]> {
    points.split(|point| !point.1.is_finite()).filter(|stretch| !stretch.is_empty())
}

/// From the smallest to the largest finite value, and a `margin` of the span on both sides.
fn range<'v>(values: impl Iterator<Item = &'v f64>, margin: f64) -> Range<f64> {
    let finite = values.copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return 0.0..1.0;
    }
    let span = high / 2.0 - low / 2.0;
    let margin = if span > 0.0 { 2.0 * span * margin } else { low.abs().max(1.0) * 0.5 };
    (low - margin).max(f64::MIN / 4.0)..(high + margin).min(f64::MAX / 4.0)
}

fn units(pixels: u32) -> i32 {
    i32::try_from(pixels * UNITS).unwrap_or(i32::MAX)
}

/// The font at a size in pixels; plotters' sizes are line heights.
fn font(pixels: u32) -> FontDesc<'static> {
    (FAMILY, f64::from(pixels * UNITS) * 1.24).into_font()
}

fn centre() -> plotters::style::text_anchor::Pos {
    use plotters::style::text_anchor::{HPos, Pos, VPos};
    Pos::new(HPos::Center, VPos::Center)
}

fn png(svg: &str) -> Drawn<Vec<u8>> {
    let mut options = usvg::Options::default();
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let tree = usvg::Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let pixmap = tiny_skia::Pixmap::new(size.width() * PNG_SCALE, size.height() * PNG_SCALE);
    let mut pixmap = pixmap.ok_or("the picture has no size")?;
    let scale = PNG_SCALE as f32;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap.encode_png()?)
}
