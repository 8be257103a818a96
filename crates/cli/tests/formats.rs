//! Every format in and out, and what each keeps.

mod common;

use std::fs::{self, File};
use std::sync::Arc;

use common::{Place, assert_table, data, f64_bytes, npy, wav};
use parquet::basic::Compression;
use parquet::data_type::{DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// A sigma so small that every output is its own input.
const KEEP: &str = "--sigma 1e-6 --out -";

#[test]
fn text_is_read_with_and_without_header_comments_quotes_and_marks() {
    for (name, content) in [
        ("a.csv", "x,y\n0,1\n1,2\n2,4\n"),
        ("a.csv", "\u{feff}x,y\r\n0,1\r\n1,2\r\n2,4"),
        ("a.csv", "# made by hand\n\n\"x\",\"y\"\n0,\"1\"\n\n# middle\n 1 , 2 \n2,4\n\n"),
        ("a.tsv", "x\ty\n0\t1\n1\t2\n2\t4\n"),
        ("a.txt", "x;y\n0;1\n1;2\n2;4\n"),
        ("a.txt", "# head\n  x   y\n  0   1.0\n 1  2e0\n2\t+4\n"),
        ("a.TXT", "x, y\n0, 1\n1, 2\n2, 4\n"),
    ] {
        let place = Place::new();
        place.write(name, content);
        let out = place.hexad(&format!("smooth {name} --x x --y y {KEEP}")).ok();
        assert_table(&out, "x,y_smooth\n0,1\n1,2\n2,4\n");
        let by_index = place.hexad(&format!("smooth {name} --x 0 --y 1 {KEEP}")).ok();
        assert_eq!(by_index, out, "{content}");
    }
    let place = Place::new();
    place.write("a.csv", "0,1\n1,2\n2,4\n");
    let out = place.hexad(&format!("smooth a.csv --x 0 --y 1 {KEEP}")).ok();
    assert_table(&out, "0,1_smooth\n0,1\n1,2\n2,4\n");
}

#[test]
fn standard_input_is_csv() {
    let run = Place::new().hexad_with_input(&format!("smooth - --y y {KEEP}"), b"y\n1\n2\n");
    assert_table(&run.ok(), "index,y_smooth\n0,1\n1,2\n");
}

#[test]
fn the_x_column_is_written_as_it_was_read() {
    let place = Place::new();
    place.write("a.csv", "x,y\n1.50,1\n+2,2\n3e0,3\n\"4\",4\n");
    let out = place.hexad(&format!("smooth a.csv --x x --y y {KEEP}")).ok();
    assert_table(&out, "x,y_smooth\n1.50,1\n+2,2\n3e0,3\n4,4\n");
    place.write("a.csv", "\"day, UTC\",y\n2001-01-01T00:00Z,1\n2001-01-02 06:00,2\n");
    let out = place.hexad(&format!("smooth a.csv --x 0 --y y {KEEP}")).ok();
    assert_table(&out, "\"day, UTC\",y_smooth\n2001-01-01T00:00Z,1\n2001-01-02 06:00,2\n");
}

#[test]
fn rows_stay_in_input_order() {
    let place = Place::new();
    place.write("a.csv", "x,y\n3,30\n1,10\n2,20\n1,14\n");
    let out = place.hexad(&format!("smooth a.csv --x x --y y {KEEP}")).ok();
    assert_table(&out, "x,y_smooth\n3,30\n1,12\n2,20\n1,12\n");
}

#[test]
fn missing_values_are_empty_nan_or_na() {
    let place = Place::new();
    place.write("a.csv", "x,y\n0,1\n1,\n2,NaN\n3,nan\n4,NA\n5,2\n");
    let out = place.hexad(&format!("smooth a.csv --x x --y y {KEEP}")).ok();
    assert_table(&out, "x,y_smooth\n0,1\n1,NaN\n2,NaN\n3,NaN\n4,NaN\n5,2\n");
    let filled = place.hexad("smooth a.csv --x x --y y --sigma 100 --json").ok();
    assert!(filled.contains("\"missing\":4"), "{filled}");
    place.write("a.csv", "y\n1\nn/a\n1\n");
    let skipped = place.hexad("smooth a.csv --y y --sigma 5 --nan skip --out -").ok();
    assert_eq!(skipped.lines().count(), 4);
}

#[test]
fn numbers_survive_a_round_trip_through_every_format() {
    let values = [0.1, 1.0 / 3.0, 6.022_140_76e23, -1.6e-19, 5e-324, 1e300, -0.0, 123_456_789.0];
    let rows: String = values.iter().map(|value| format!("{value:e},1\n")).collect();
    let place = Place::new();
    place.write("a.csv", format!("x,y\n{rows}"));
    for out in ["b.csv", "b.parquet", "b.npy"] {
        place.hexad(&format!("smooth a.csv --x x --y y --sigma 1 --quiet --out {out}")).ok();
        let back = place.hexad(&format!("smooth {out} --x 0 --y 1 --sigma 1 --out -")).ok();
        let read: Vec<f64> =
            back.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&values), "{out}: {read:?}");
    }
}

#[test]
fn npy_arrays_of_every_order_and_type_are_read() {
    let values = [[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]];
    let flat: Vec<f64> = values.concat();
    let columns: Vec<f64> = (0..2).flat_map(|c| values.map(|row| row[c])).collect();
    #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
    let narrow: Vec<u8> = flat.iter().flat_map(|v| (*v as f32).to_be_bytes()).collect();
    #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
    let whole: Vec<u8> = flat.iter().flat_map(|v| (*v as i16).to_le_bytes()).collect();
    for (descr, fortran, bytes) in [
        ("<f8", "False", f64_bytes(&flat)),
        ("<f8", "True", f64_bytes(&columns)),
        (">f4", "False", narrow),
        ("<i2", "False", whole),
    ] {
        let place = Place::new();
        place.write(
            "a.npy",
            npy(&format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': (3, 2)}}"), &bytes),
        );
        let out = place.hexad(&format!("smooth a.npy --x 0 --y 1 {KEEP}")).ok();
        assert_table(&out, "0,1_smooth\n1,10\n2,20\n4,40\n");
    }
}

#[test]
fn long_npy_arrays_are_read_in_chunks() {
    let place = Place::new();
    let rows = 150_000;
    let flat: Vec<f64> = (0..rows).flat_map(|i| [f64::from(i), f64::from(i % 7)]).collect();
    place.write(
        "a.npy",
        npy(&format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 2)}}"), &f64_bytes(&flat)),
    );
    let out = place.hexad("smooth a.npy --x 0 --y 1 --sigma 0.1 --out -").ok();
    assert_eq!(out.lines().count(), 150_001);
    let last: Vec<f64> = out.lines().last().unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
    assert!(last[0] == 149_999.0 && (last[1] - f64::from(149_999 % 7)).abs() < 1e-9, "{last:?}");
}

#[test]
fn wav_channels_are_columns_of_full_scale_one() {
    let place = Place::new();
    wav(&place.path("a.wav"), 4);
    let out = place.hexad(&format!("smooth a.wav --y 0,1 {KEEP}")).ok();
    let row = |i: i32| format!("{i},{},{}\n", f64::from(i) / 32768.0, f64::from(-i) / 32768.0);
    let rows: String = (0..4).map(row).collect();
    assert_table(&out, &format!("index,0_smooth,1_smooth\n{rows}"));
}

#[test]
fn parquet_is_read_with_dates_nulls_and_every_common_codec() {
    let schema = "message table {
        required int32 day (DATE); optional double y; required int64 t (TIMESTAMP_MILLIS);
        required float f; required int32 price (DECIMAL(6,2)); required int32 n;
        required int32 big (UINT_32);
    }";
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::ZSTD(parquet::basic::ZstdLevel::default()),
    ] {
        let place = Place::new();
        let file = File::create(place.path("a.parquet")).unwrap();
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(codec).build());
        let mut writer = SerializedFileWriter::new(file, schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&[0, 1, 11_685], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[1.5, 2.5], Some(&[1, 0, 1]), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&[0, 43_200_000, -3_599_999], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<FloatType>().write_batch(&[0.5, 0.25, 8.0], None, None).unwrap();
        column.close().unwrap();
        for values in [[199, 250, -5], [1, -2, 3], [1, -1, 3]] {
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int32Type>().write_batch(&values, None, None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
        writer.close().unwrap();

        let run = |columns: &str| place.hexad(&format!("smooth a.parquet {columns} {KEEP}"));
        assert_table(
            &run("--x day --y y,f").ok(),
            "day,y_smooth,f_smooth\n1970-01-01,1.5,0.5\n1970-01-02,NaN,0.25\n2001-12-29,2.5,8\n",
        );
        let times = run("--x t --y price,n,big").ok();
        assert_table(
            &times,
            "t,price_smooth,n_smooth,big_smooth\n1970-01-01,1.99,1,1\n1970-01-01T12:00:00,2.5,-2,4294967295\n\
             1969-12-31T23:00:00.001,-0.05,3,3\n",
        );
        run("--y day").fails(1, "column \"day\" holds dates and not numbers; only --x takes dates");
    }
}

#[test]
fn parquet_out_keeps_dates_and_names() {
    let place = Place::new();
    let co2 = data("co2_weekly.csv");
    let line = format!("smooth {} --x date --y co2_ppm --sigma 60 --quiet --out", co2.display());
    place.hexad(&format!("{line} out.parquet")).ok();
    place.hexad(&format!("{line} out.csv")).ok();
    let back = place.hexad(&format!("smooth out.parquet --x date --y co2_ppm_smooth {KEEP}")).ok();
    let direct = place.read("out.csv").replace("co2_ppm_smooth", "co2_ppm_smooth_smooth");
    assert_table(&back, &direct);
}

#[test]
fn pictures_are_whole_and_need_no_font() {
    let place = Place::new();
    let nino = data("nino3_sst.csv");
    let line = format!("smooth {} --x year --y sst_celsius --sigma 1 --stderr --quiet", nino.display());
    place.hexad(&format!("{line} --plot deep/er/a.png")).ok();
    let png = fs::read(place.path("deep/er/a.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG") && png.ends_with(b"IEND\xaeB`\x82"));
    place.hexad(&format!("{line} --plot a.svg")).ok();
    let svg = place.read("a.svg");
    assert!(svg.starts_with("<svg width=\"960\"") && svg.trim_end().ends_with("</svg>"));
    for text in ["sst [\u{b0}C]", "year", "smooth", "data", "95 % confidence", "sigma 1 in units of year"] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn a_million_points_make_a_small_picture() {
    let place = Place::new();
    let values: Vec<f64> = (0..1_000_000).map(|i| f64::from(i % 1000)).collect();
    place.write(
        "a.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000,)}", &f64_bytes(&values)),
    );
    place.hexad("smooth a.npy --y 0 --sigma 3 --quiet --plot a.svg").ok();
    assert!(fs::metadata(place.path("a.svg")).unwrap().len() < 300_000);
}
