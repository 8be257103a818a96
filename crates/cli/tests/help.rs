//! What people read first.

mod common;

use common::{Place, run_examples};

#[test]
fn help_fits_one_screen() {
    let help = Place::new().hexad("--help").ok();
    assert!(help.lines().count() <= 24 && help.lines().all(|line| line.chars().count() <= 100));
    insta::assert_snapshot!(help);
    let version = Place::new().hexad("--version").ok();
    assert_eq!(version, format!("hexad {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn smooth_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("smooth --help").ok());
}

#[test]
fn rebuild_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("rebuild --help").ok());
}

#[test]
fn spectrum_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("spectrum --help").ok());
}

#[test]
fn delay_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("delay --help").ok());
}

#[test]
fn density_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("density --help").ok());
}

#[test]
fn animate_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("density animate --help").ok());
}

#[test]
fn serve_help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("density serve --help").ok());
}

#[test]
fn the_examples_in_the_help_work_as_typed() {
    for command in ["smooth", "spectrum", "rebuild", "delay", "density", "density animate"] {
        run_examples(&Place::new().hexad(&format!("{command} --help")).ok());
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Place::new().hexad(&format!("completions {shell}")).ok();
        assert!(script.contains("hexad") && script.contains("sigma"), "{shell}");
    }
}

#[test]
fn errors_read_well() {
    let place = Place::new();
    place.write("points.csv", "lon,lat\n1,2\n3,n/a\n");
    place.write("short.csv", "lon,lat\n1,2\n3\n");
    place.write("uneven.csv", "t,y\n0,1\n1,2\n3,3\n4,0\n");
    place.write("falling.csv", "t,y\n2001-01-02,1\n2001-01-01,2\n");
    let errors: String = [
        "smooth points.csv --y lat --sigma 1",
        "smooth points.csv --y Lat --sigma 1",
        "smooth short.csv --y lat --sigma 1",
        "smooth none.csv --y lat --sigma 1",
        "smooth points.csv --y lat --sigma -1",
        "smooth points.csv --y lat --sigma 1 --fwhm 2",
        "smooth points.csv --y lat",
        "smooth points.csv --y lat --sigma 1 --treads 2",
        "smooth points.csv --y lat --sigma 1 --out map.xlsx",
        "smooth points.csv --y lat --sigma 1 --boundary loop",
        "smooth points.csv --y lat --sigma 1 --phi 0 --amplitude 0",
        "smoth",
        "rebuild points.csv --y lat --sample-rate 1 --keep 1",
        "rebuild short.csv --y lon --keep 1",
        "rebuild uneven.csv --x t --y y --keep 1",
        "rebuild falling.csv --x t --y y --keep 1",
        "rebuild uneven.csv --y y --sample-rate 1 --keep 1 --error 0.1",
        "rebuild uneven.csv --y y --sample-rate 1 --keep 4",
        "rebuild uneven.csv --y y --sample-rate 1 --band 0,0.6",
        "rebuild uneven.csv --y y --sample-rate 1 --band 3",
        "spectrum uneven.csv --x t --y y",
        "spectrum uneven.csv --x t --y y --segment 2",
        "spectrum uneven.csv --y y --sample-rate 1 --segment 5",
        "spectrum uneven.csv --y y --sample-rate 1 --overlap 0.5",
        "spectrum uneven.csv --y y --sample-rate 1 --window hanning",
        "spectrum uneven.csv --y y --sample-rate 1 --window dpss=4",
        "spectrum uneven.csv --x t --y y --lombscargle --window hann",
        "spectrum uneven.csv --x t --y y --lombscargle --scaling density",
        "spectrum uneven.csv --x t --y y --nan skip",
        "delay uneven.csv --x t --columns y,y",
        "delay uneven.csv --columns t,y --sample-rate 1",
        "delay uneven.csv --columns y --sample-rate 1",
    ]
    .iter()
    .map(|line| place.hexad(line).stderr)
    .collect();
    insta::assert_snapshot!(errors);
}
