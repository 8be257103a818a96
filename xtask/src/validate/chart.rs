//! Line charts as SVG that take their colours from the page, so that they follow light and dark. Title and legend are
//! text of the page, which breaks where it must: a chart is as readable on a phone as on a desk.

use std::fmt::Write;

/// Size of a chart in its own units; the page scales it, from three quarters to a little more than one.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 250.0;
/// Margins: left, right, top, bottom.
const MARGIN: [f64; 4] = [68.0, 18.0, 8.0, 44.0];
/// Strokes that the page defines.
const COLORS: usize = 5;

/// How the numbers of an axis are laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    Linear,
    Log,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Line,
    Dots,
}

struct Series {
    label: String,
    mark: Mark,
    points: Vec<(f64, f64)>,
}

/// A chart of one or more series over common axes.
pub(crate) struct Chart {
    title: String,
    x: (String, Scale),
    y: (String, Scale),
    series: Vec<Series>,
}

impl Chart {
    /// A chart with linear axes; labels carry the units.
    pub fn new(title: &str, x_label: &str, y_label: &str) -> Self {
        let axis = |label: &str| (label.to_owned(), Scale::Linear);
        Self { title: title.to_owned(), x: axis(x_label), y: axis(y_label), series: Vec::new() }
    }

    pub fn log_x(mut self) -> Self {
        self.x.1 = Scale::Log;
        self
    }

    pub fn log_y(mut self) -> Self {
        self.y.1 = Scale::Log;
        self
    }

    /// Adds a line; it breaks where a value is not finite.
    pub fn line(self, label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.series(label, Mark::Line, points)
    }

    pub fn dots(self, label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.series(label, Mark::Dots, points)
    }

    fn series(mut self, label: &str, mark: Mark, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.series.push(Series { label: label.to_owned(), mark, points: points.into_iter().collect() });
        self
    }

    /// The chart as a `figure` element.
    pub fn to_html(&self) -> String {
        format!("<figure class=\"chart\">{}{}</figure>\n", self.caption(), self.svg())
    }

    fn caption(&self) -> String {
        let key = |(index, series): (usize, &Series)| {
            let color = index % COLORS;
            format!("<span class=\"key k{color}\">{}</span>", escape(&series.label))
        };
        let labelled = self.series.iter().enumerate().filter(|(_, series)| !series.label.is_empty());
        let keys: String = labelled.map(key).collect();
        format!("<figcaption><b>{}</b> {keys}</figcaption>\n", escape(&self.title))
    }

    fn svg(&self) -> String {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let [left, right, top, bottom] = MARGIN;
        let x = Axis::fit(self.x.1, points().map(|point| point.0), left, WIDTH - right);
        let y = Axis::fit(self.y.1, points().map(|point| point.1), HEIGHT - bottom, top);
        let title = escape(&self.title);
        let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n");
        self.draw_grid(&mut svg, &x, &y);
        for (index, series) in self.series.iter().enumerate() {
            series.draw(&mut svg, index % COLORS, &x, &y);
        }
        svg + "</svg>\n"
    }

    fn draw_grid(&self, svg: &mut String, x: &Axis, y: &Axis) {
        let (floor, ceiling) = (y.from, y.to);
        for (value, label) in x.ticks() {
            let at = x.place(value);
            add(svg, format_args!("<path class=\"grid\" d=\"M{at:.1} {floor}V{ceiling}\"/>"));
            add(
                svg,
                format_args!(
                    "<text class=\"tick middle\" x=\"{at:.1}\" y=\"{}\">{label}</text>",
                    floor + 17.0
                ),
            );
        }
        for (value, label) in y.ticks() {
            let at = y.place(value);
            add(svg, format_args!("<path class=\"grid\" d=\"M{} {at:.1}H{}\"/>", x.from, x.to));
            add(
                svg,
                format_args!(
                    "<text class=\"tick end\" x=\"{}\" y=\"{:.1}\">{label}</text>",
                    x.from - 6.0,
                    at + 4.0
                ),
            );
        }
        let (middle, centre) = ((x.from + x.to) / 2.0, (floor + ceiling) / 2.0);
        let (x_label, y_label) = (escape(&self.x.0), escape(&self.y.0));
        add(
            svg,
            format_args!(
                "<text class=\"label middle\" x=\"{middle}\" y=\"{}\">{x_label}</text>",
                HEIGHT - 8.0
            ),
        );
        add(
            svg,
            format_args!(
                "<text class=\"label middle\" transform=\"translate(14 {centre}) rotate(-90)\">{y_label}</text>"
            ),
        );
    }
}

impl Series {
    fn draw(&self, svg: &mut String, color: usize, x: &Axis, y: &Axis) {
        let is_shown = |&(a, b): &(f64, f64)| x.shows(a) && y.shows(b);
        if self.mark == Mark::Dots {
            for &(a, b) in self.points.iter().filter(|point| is_shown(point)) {
                let (a, b) = (x.place(a), y.place(b));
                add(svg, format_args!("<circle class=\"f{color}\" cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"2\"/>"));
            }
            return;
        }
        for run in self.points.split(|point| !is_shown(point)).filter(|run| !run.is_empty()) {
            let path: Vec<String> =
                run.iter().map(|&(a, b)| format!("{:.1} {:.1}", x.place(a), y.place(b))).collect();
            add(svg, format_args!("<path class=\"s{color}\" d=\"M{}\"/>", path.join("L")));
        }
    }
}

/// Maps `low..high` onto the drawing's `from..to`.
struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    /// The axis that holds all values it can show, with a little air.
    fn fit(scale: Scale, values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let mut axis = Self { scale, low: f64::INFINITY, high: f64::NEG_INFINITY, from, to };
        let shown: Vec<f64> =
            values.filter(|&value| axis.shows(value)).map(|value| axis.position(value)).collect();
        axis.low = shown.iter().copied().fold(f64::INFINITY, f64::min);
        axis.high = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if axis.low > axis.high {
            (axis.low, axis.high) = (0.0, 1.0);
        }
        let air = if axis.high > axis.low { 0.03 * (axis.high - axis.low) } else { 0.5 };
        (axis.low, axis.high) = (axis.low - air, axis.high + air);
        axis
    }

    fn shows(&self, value: f64) -> bool {
        value.is_finite() && (self.scale == Scale::Linear || value > 0.0)
    }

    fn position(&self, value: f64) -> f64 {
        if self.scale == Scale::Log { value.log10() } else { value }
    }

    fn place(&self, value: f64) -> f64 {
        let share = (self.position(value) - self.low) / (self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    /// Round numbers 1, 2 or 5 times a power of ten apart, or whole powers of ten.
    fn ticks(&self) -> Vec<(f64, String)> {
        let wanted = (self.high - self.low) / 6.0;
        let power = 10.0_f64.powf(wanted.log10().floor());
        let mut step =
            [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&step| step >= wanted);
        if self.scale == Scale::Log {
            step = step.map(|step| step.ceil().max(1.0));
        }
        let step = step.unwrap_or(10.0 * power);
        let first = (self.low / step).ceil();
        let positions =
            (0..20).map(|index| (first + f64::from(index)) * step).take_while(|at| *at <= self.high);
        let decimals = if step >= 1.0 {
            0
        } else {
            format!("{step:e}").rsplit("e-").next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
        };
        let label = |at: f64| match self.scale {
            Scale::Log => (10.0_f64.powf(at), format!("1e{at:.0}")),
            Scale::Linear => (at, format!("{at:.decimals$}")),
        };
        positions.map(label).collect()
    }
}

fn add(svg: &mut String, element: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    _ = svg.write_fmt(element);
    svg.push('\n');
}

/// Text as it may stand in HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_inside_the_axis() {
        let axis = Axis::fit(Scale::Linear, [0.0, 1.0].into_iter(), 0.0, 100.0);
        let labels: Vec<String> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let axis = Axis::fit(Scale::Log, [1e-12, 1e-3].into_iter(), 0.0, 100.0);
        let labels: Vec<String> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4"]);
    }

    #[test]
    fn a_line_breaks_where_a_value_is_missing() {
        let points = [(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 1.0), (4.0, 0.0)];
        let svg = Chart::new("t", "x", "y").line("a < b", points).to_html();
        assert_eq!(svg.matches("class=\"s0\"").count(), 2);
        assert!(svg.contains("a &lt; b"));
    }
}
