//! What a TOML file describes, checked.

use hexad_core::InputError;
use hexad_pde_leapfrog::{Clock, Grid, Medium, Model, Order, Side, Simulation, WaveError};

use super::axes::Axes;
use super::medium::{Filling, Region};
use super::opening::Opening;
use super::sides::sides;
use super::sources::{with_receivers, with_sources};
use crate::error::{Failure, Outcome};
use crate::keys::{Section, Source, Value};
use crate::memory;

/// Shares of the largest stable time step that are taken where the file does not say.
const USUAL_SHARE: f64 = 0.9;
/// What to do about too little memory.
const ADVICE: &str = "use fewer cells, precision = \"f32\", or a larger machine";

/// A model, ready to run.
pub struct Setup<'a> {
    /// What it is, for pictures.
    pub title: String,
    /// The axes by name.
    pub axes: Axes,
    /// For the library.
    pub model: Model,
    /// Time steps.
    pub clock: Clock,
    /// The largest speed times the time step, in cells.
    pub courant: f64,
    /// Numbers that fields are made of.
    pub precision: Precision,
    /// What is there at time 0; nothing if `None`.
    pub opening: Option<Opening>,
    /// Names of the receivers.
    pub receivers: Vec<String>,
    /// When the field is looked at.
    pub snapshots: Option<Snapshots>,
    /// Boxes of other media.
    pub regions: Vec<Region<'a>>,
    /// The slowest speed of any cell.
    pub slowest: f64,
    /// The length of the shortest of the waves that sources and start mostly make, where it is known.
    pub wavelength: Option<f64>,
}

/// Numbers that fields are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    F32,
    F64,
}

/// When the field is looked at, and how it is drawn.
pub struct Snapshots {
    /// Steps from one to the next; the first is at time 0.
    pub every: u64,
    /// Across which axis, and where, a 3-D field is cut for pictures; the middle of the first if `None`.
    pub slice: Option<(usize, f64)>,
    /// The pressure of the strongest colour.
    pub scale_pa: Option<f64>,
}

/// What a run keeps in memory beside its fields.
#[derive(Debug, Clone, Copy)]
pub struct Keeps {
    /// Checkpoints are written or read.
    pub checkpoints: bool,
}

impl Precision {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// Bytes of a number.
    pub fn bytes(self) -> u64 {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

struct Lattice {
    axes: Axes,
    grid: Grid,
    order: Order,
    precision: Precision,
}

impl<'a> Setup<'a> {
    /// Reads a model; what does not fit in memory is refused before it is made.
    pub fn of(source: &'a Source, mut root: Section<'a>, keeps: Keeps) -> Outcome<Self> {
        let title = root.take("title").map(|value| value.text().map(str::to_string)).transpose()?;
        let grid_value = root.need_section("grid")?;
        let medium_value = root.need_section("medium")?;
        let [side_section, absorbing, time, start, shots] =
            ["sides", "absorbing", "time", "start", "snapshots"].map(|key| root.section(key));
        let (source_sections, receivers) = (root.sections("sources")?, root.sections("receivers")?);
        root.finish()?;

        let Lattice { axes, grid, order, precision } = Lattice::of(grid_value.section()?)?;
        let sides = sides(side_section?, absorbing?, &axes)?;
        let filling = Filling::of(medium_value.section()?, &axes)?;
        let empty = empty(&grid, &sides, order, &axes, &grid_value)?;
        check_memory(source, &empty, precision, filling.is_per_cell(), keeps)?;
        let filled = filling.fill(&grid, &axes, &medium_value)?;
        let model = Model::new(grid, filled.medium, &sides, order)
            .map_err(|error| grid_value.fail(axes.explain(&error)))?;
        let (model, highest) = with_sources(model, source_sections, &axes)?;
        let (model, receivers) = with_receivers(model, receivers, &axes)?;
        let time = time?.ok_or_else(|| root.fail("time", "is missing; add [time] with duration_s"))?;
        let clock = clock(time, &model)?;
        let heard = (clock.steps() as f64 + 1.0) * 8.0 * receivers.len() as f64;
        memory::check_for(
            &format!("{}: what the receivers hear", source.name()),
            saturated(2.0 * heard),
            ADVICE,
        )?;
        let opening = start?.map(|section| Opening::of(section, &model, &axes)).transpose()?;
        let snapshots = shots?.map(|section| Snapshots::of(section, &model, &clock, &axes)).transpose()?;
        let wavelengths = highest.map(|frequency| filled.slowest / frequency);
        let wavelength = wavelengths
            .into_iter()
            .chain(opening.as_ref().and_then(|opening| opening.wavelength))
            .reduce(f64::min);
        Ok(Self {
            title: title.unwrap_or_else(|| "pressure".to_string()),
            courant: model.medium().largest_speed() * clock.dt() / model.grid().spacing(),
            axes,
            model,
            clock,
            precision,
            opening,
            receivers,
            snapshots,
            regions: filling.regions,
            slowest: filled.slowest,
            wavelength,
        })
    }
}

impl Lattice {
    fn of(mut section: Section<'_>) -> Outcome<Self> {
        let cells = section.need("cells", "{ x = 300, y = 200 }")?;
        let (axes, values) = Axes::of(&cells)?;
        let cells: Vec<usize> = values
            .iter()
            .map(|value| Ok(usize::try_from(value.count()?).unwrap_or(usize::MAX)))
            .collect::<Outcome<_>>()?;
        let spacing = section.need("spacing_m", "0.02")?.positive()?;
        let grid = Grid::new(&cells, spacing).map_err(|error| section.wrong(error))?.with_walls_at_zero();
        let grid = match section.take("origin_m") {
            Some(value) => grid.with_origin(&axes.point(&value)?).map_err(|error| value.fail(error))?,
            None => grid,
        };
        let order = section.take("order").map_or(Ok(Order::Two), |value| match value.count()? {
            2 => Ok(Order::Two),
            4 => Ok(Order::Four),
            6 => Ok(Order::Six),
            8 => Ok(Order::Eight),
            other => Err(value.fail(format!("must be 2, 4, 6 or 8, got {other}"))),
        })?;
        let precision = section.take("precision").map_or(Ok(Precision::F64), |value| {
            value.choice(&[("f32", Precision::F32), ("f64", Precision::F64)])
        })?;
        section.finish()?;
        Ok(Self { axes, grid, order, precision })
    }
}

/// The model before its medium, which may be large, is there.
fn empty(grid: &Grid, sides: &[[Side; 2]], order: Order, axes: &Axes, section: &Value<'_>) -> Outcome<Model> {
    Model::new(grid.clone(), Medium::default(), sides, order)
        .map_err(|error| section.fail(axes.explain(&error)))
}

fn check_memory(
    source: &Source,
    empty: &Model,
    precision: Precision,
    is_per_cell: bool,
    keeps: Keeps,
) -> Outcome<()> {
    let fields = match precision {
        Precision::F32 => Simulation::<f32>::memory_bytes(empty),
        Precision::F64 => Simulation::<f64>::memory_bytes(empty),
    };
    let fields = match fields {
        Ok(bytes) | Err(WaveError::Memory { bytes }) => bytes as f64,
        Err(other) => return Err(Failure::work(format!("{}: {other}", source.name()))),
    };
    let cells = empty.grid().total();
    let number = precision.bytes() as f64;
    // Speed and density, as read and as the library keeps them, and the factors of the scheme.
    let medium = if is_per_cell { cells * (32.0 + number * (1 + empty.grid().dims()) as f64) } else { 0.0 };
    let bytes = if keeps.checkpoints { fields } else { 0.0 };
    let seen = number * cells;
    memory::check_for(source.name(), saturated(fields + medium + bytes + seen), ADVICE)
}

/// Saturates where it must.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
fn saturated(bytes: f64) -> u64 {
    bytes as u64
}

fn clock(mut section: Section<'_>, model: &Model) -> Outcome<Clock> {
    let duration = section.need("duration_s", "0.02")?.positive()?;
    let (courant, dt) = (section.take("courant"), section.take("dt_s"));
    section.finish()?;
    let unit = model.grid().spacing() / model.medium().largest_speed();
    let largest = model.largest_stable_dt();
    let too_long = |value: &Value<'_>, given: f64, largest: f64| {
        value.fail(format!("{given} is unstable here: use at most {largest:e}"))
    };
    let steps = |error: WaveError| match error {
        WaveError::Input(InputError::OutOfRange { .. }) => {
            section.fail("duration_s", "takes 2^53 time steps or more; make it shorter")
        }
        other => section.wrong(other),
    };
    match (&courant, &dt) {
        (Some(_), Some(dt)) => Err(dt.fail("contradicts courant; leave one of them out")),
        (Some(value), None) => {
            let courant = value.positive()?;
            match model.clock(duration, courant) {
                Err(WaveError::Unstable { .. }) => Err(too_long(value, courant, largest / unit)),
                clock => clock.map_err(steps),
            }
        }
        (None, Some(value)) => {
            let dt = value.positive()?;
            if dt > largest * (1.0 + 1e-12) {
                return Err(too_long(value, dt, largest));
            }
            Clock::until(duration, dt).map_err(steps)
        }
        (None, None) => Clock::until(duration, USUAL_SHARE * largest).map_err(steps),
    }
}

impl Snapshots {
    fn of(mut section: Section<'_>, model: &Model, clock: &Clock, axes: &Axes) -> Outcome<Self> {
        let every = match (section.take("every_steps"), section.take("every_s")) {
            (Some(_), Some(seconds)) => {
                return Err(seconds.fail("contradicts every_steps; leave one of them out"));
            }
            (Some(steps), None) => steps.count()?,
            (None, Some(seconds)) => whole_steps(&seconds, clock.dt())?,
            (None, None) => return Err(section.fail("every_s", "is missing; add every_s or every_steps")),
        };
        let slice = section.take("slice_m").map(|value| slice(&value, model, axes)).transpose()?;
        let scale_pa = section.take("scale_pa").map(|value| value.positive()).transpose()?;
        section.finish()?;
        Ok(Self { every, slice, scale_pa })
    }

    /// How many there are of a run.
    pub fn count(&self, clock: &Clock) -> u64 {
        clock.steps() / self.every + 1
    }
}

fn whole_steps(seconds: &Value<'_>, dt: f64) -> Outcome<u64> {
    let steps = (seconds.positive()? / dt).round();
    if steps < 1.0 {
        return Err(seconds.fail(format!("is less than half a time step, {dt:e} s; make it longer")));
    }
    Ok(saturated(steps))
}

fn slice(value: &Value<'_>, model: &Model, axes: &Axes) -> Outcome<(usize, f64)> {
    let place = axes.place(value)?;
    let mut named = place.iter().enumerate().filter_map(|(axis, place)| Some((axis, (*place)?)));
    let (Some((axis, place)), None) = (named.next(), named.next()) else {
        return Err(value.fail("names several axes; a slice is across one"));
    };
    if model.grid().dims() != 3 {
        return Err(value.fail("is for grids of three axes; leave it out"));
    }
    let (low, high) = model.grid().extent(axis);
    if !(low..=high).contains(&place) {
        return Err(
            value.fail(format!("is outside the grid: {} runs from {low} to {high}", axes.names()[axis]))
        );
    }
    Ok((axis, place))
}
