//! What SciPy's Gaussian filters give: the tables in `tests/reference`, made by `make_gaussian.py`.

use hexad_core::Boundary;

/// One call of `gaussian_filter1d` or `gaussian_filter` and what it returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Samples, or rows and columns.
    pub shape: Vec<usize>,
    /// Standard deviation along each axis, in samples.
    pub sigmas: Vec<f64>,
    /// Half-width of the kernel in sigmas.
    pub truncate: f64,
    /// Order of the derivative along every axis.
    pub order: usize,
    /// How the signal continues past its ends.
    pub boundary: Boundary,
    /// What SciPy returned, row by row.
    pub output: Vec<f64>,
}

/// What is common to the cases of a table: its maker and the input, of which a case uses the first
/// samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The first line: version of SciPy, script, constant outside the signal.
    pub maker: String,
    /// The samples, row by row.
    pub input: Vec<f64>,
    /// The calls.
    pub cases: Vec<Case>,
}

/// The calls of `gaussian_filter1d`.
#[must_use]
pub fn filter_1d() -> Table {
    read(include_str!("../reference/gaussian_1d.csv"), 1)
}

/// The calls of `gaussian_filter` on an image.
#[must_use]
pub fn filter_2d() -> Table {
    read(include_str!("../reference/gaussian_2d.csv"), 2)
}

/// # Panics
///
/// If the table is not of the form that the script writes.
fn read(text: &str, axes: usize) -> Table {
    let mut lines = text.lines();
    let maker = lines.next().expect("a first line").trim_start_matches("# ").to_owned();
    let fill = number(maker.rsplit('=').next().expect("a constant").trim());
    // The name, and the shape where it is not the number of samples.
    let named = if axes == 1 { 1 } else { 1 + axes };
    let input = lines.next().expect("the input").split(',').skip(named).map(number).collect();
    Table { maker, input, cases: lines.map(|line| read_case(line, axes, fill)).collect() }
}

fn read_case(line: &str, axes: usize, fill: f64) -> Case {
    let fields: Vec<&str> = line.split(',').collect();
    let (shape, fields) = fields.split_at(axes);
    let (sigmas, fields) = fields.split_at(axes);
    let boundary = match fields[2] {
        "reflect" => Boundary::Reflect,
        "mirror" => Boundary::Mirror,
        "nearest" => Boundary::Nearest,
        "wrap" => Boundary::Wrap,
        "constant" => Boundary::Constant(fill),
        mode => panic!("unknown mode {mode}"),
    };
    Case {
        shape: shape.iter().map(|field| whole(field)).collect(),
        sigmas: sigmas.iter().map(|field| number(field)).collect(),
        truncate: number(fields[0]),
        order: whole(fields[1]),
        boundary,
        output: fields[3..].iter().map(|field| number(field)).collect(),
    }
}

fn number(field: &str) -> f64 {
    field.parse().unwrap_or_else(|_| panic!("not a number: {field}"))
}

fn whole(field: &str) -> usize {
    field.parse().unwrap_or_else(|_| panic!("not a whole number: {field}"))
}
