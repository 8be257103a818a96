//! Tiles: that they fit together, and that nothing else changes them.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::sync::Mutex;

use hexad_density::{
    DensityError, EARTH_RADIUS_M, GaussianOptions, Map, MercatorPoints, Normalization, Points, TILE_PIXELS,
    TileId, TileKernel, TileOptions, TilePyramid, View, box_map, gaussian, ground_gaussian,
};
use hexad_testkit::{Random, assert_close};

const WORLD_M: f64 = 2.0 * PI * EARTH_RADIUS_M;

/// Points in clusters, some about 180 degrees and some in the far north.
fn projected(count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(11);
    let centres =
        [[10.0, 50.0, 5.0], [179.5, -20.0, 2.0], [-75.0, 84.0, 1.0], [100.0, 0.0, 0.1], [-120.0, 40.0, 20.0]];
    let place = |i: usize| {
        let [lon, lat, spread] = centres[i % 5];
        [lon + spread * random.normal(), lat + spread * random.normal()]
    };
    let places: Vec<[f64; 2]> = (0..count).map(place).collect();
    let [lon, lat] = [0, 1].map(|axis| places.iter().map(|place| place[axis]).collect::<Vec<_>>());
    let points = Points::new(&lon, &lat).unwrap();
    let projected = MercatorPoints::project(&points);
    projected.points().columns().map(<[f64]>::to_vec)
}

fn pyramid(points: &Points<'_>, zooms: std::ops::RangeInclusive<u8>, kernel: TileKernel) -> TilePyramid {
    TilePyramid::new(points, zooms, kernel, &TileOptions::default()).unwrap()
}

fn all(pyramid: &TilePyramid) -> BTreeMap<TileId, Map> {
    let tiles = Mutex::new(BTreeMap::new());
    let keep = |tile: TileId, map: &Map| {
        assert!(tiles.lock().unwrap().insert(tile, map.clone()).is_none());
        Ok::<(), DensityError>(())
    };
    pyramid.for_each(keep).unwrap();
    let tiles = tiles.into_inner().unwrap();
    let mut listed = pyramid.tiles().to_vec();
    listed.sort_unstable();
    assert!(tiles.keys().eq(&listed));
    tiles
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The points with their copies in the worlds to the east and west.
fn thrice([x, y]: &[Vec<f64>; 2]) -> [Vec<f64>; 2] {
    let x = [-1.0, 0.0, 1.0].iter().flat_map(|turn| x.iter().map(move |x| x + turn * WORLD_M)).collect();
    [x, y.repeat(3)]
}

fn world(zoom: u8) -> View {
    let half = 0.5 * WORLD_M;
    View::new([-half, -half, half, half], [TILE_PIXELS << zoom; 2]).unwrap()
}

/// Where a tile starts in the world's view.
fn corner(tile: TileId) -> [usize; 2] {
    [tile.column(), (1 << tile.zoom()) - 1 - tile.row()].map(|tile| tile as usize * TILE_PIXELS)
}

fn crop(map: &Map, tile: TileId) -> Vec<f64> {
    let ([column, row], width) = (corner(tile), map.view().width());
    let rows = map.values().chunks(width).skip(row).take(TILE_PIXELS);
    rows.flat_map(|row| row[column..column + TILE_PIXELS].to_vec()).collect()
}

fn sum_of_children(tiles: &BTreeMap<TileId, Map>, tile: TileId) -> Vec<f64> {
    let mut sums = vec![0.0; TILE_PIXELS * TILE_PIXELS];
    for row in 0..2 * TILE_PIXELS {
        for column in (0..2 * TILE_PIXELS).step_by(2) {
            let south = row / TILE_PIXELS;
            let (east, south) = (u32::from(column >= TILE_PIXELS), u32::try_from(south).unwrap());
            let child =
                TileId::new(tile.zoom() + 1, 2 * tile.column() + east, 2 * tile.row() + 1 - south).unwrap();
            let value = |column: usize| {
                let map = tiles.get(&child);
                map.map_or(0.0, |map| map.value(column % TILE_PIXELS, row % TILE_PIXELS).unwrap())
            };
            sums[row / 2 * TILE_PIXELS + column / 2] += value(column) + value(column + 1);
        }
    }
    sums
}

#[test]
fn tiles_are_parts_of_the_world_and_their_pixels_nest() {
    for zoom in 0..6 {
        let whole = world(zoom);
        for (column, row) in [(0, 0), ((1 << zoom) - 1, 0), ((1 << zoom) / 3, (1 << zoom) - 1)] {
            let tile = TileId::new(zoom, column, row).unwrap();
            assert_eq!(tile.view(), whole.cut(corner(tile), [TILE_PIXELS; 2]).unwrap());
        }
    }
    let mut tile = TileId::new(22, 3_141_592, 2_718_281).unwrap();
    while let Some(above) = tile.parent() {
        let (inner, outer) = (tile.view().x_edges(), above.view().x_edges());
        let half = (tile.column() % 2) as usize * TILE_PIXELS / 2;
        for (index, edge) in inner.iter().step_by(2).enumerate() {
            assert_eq!(outer[half + index].to_bits(), edge.to_bits());
        }
        tile = above;
    }
}

#[test]
fn counts_are_the_sums_of_their_children_and_of_all_points() {
    let [x, y] = projected(20_000);
    let weights = Random::new(3).vector(20_000, -1.0, 5.0);
    let plain = Points::new(&x, &y).unwrap();
    for points in [plain, plain.with_weights(&weights).unwrap()] {
        let tiles = all(&pyramid(&points, 0..=5, TileKernel::Counts));
        let on_map = points.present().filter(|point| point.1.is_finite()).map(|point| point.2).sum::<f64>();
        for zoom in 0..=5 {
            let total: f64 =
                tiles.iter().filter(|(tile, _)| tile.zoom() == zoom).map(|(_, map)| map.sum()).sum();
            // Weights are rounded to 2^-31 of the largest.
            assert!((total - on_map).abs() < 20_000.0 * 8.0 / 2_f64.powi(32), "{total} {on_map}");
        }
        for (tile, map) in tiles.iter().filter(|(tile, _)| tile.zoom() < 5) {
            assert_eq!(map.values(), sum_of_children(&tiles, *tile), "{tile:?}");
        }
    }
}

#[test]
fn a_smooth_tile_is_the_crop_of_the_whole_map_to_the_last_bit() {
    let points = projected(3000);
    let [x, y] = thrice(&points);
    let copies = Points::new(&x, &y).unwrap();
    let points = Points::new(&points[0], &points[1]).unwrap();
    let zoom = 2;
    for (sigma_px, tolerance) in [(0.3, 1e-3), (3.0, 1e-4), (10.0, 1e-5), (40.0, 2e-6), (150.0, 1e-5)] {
        let options = TileOptions::default().with_tolerance(tolerance);
        let pyramid = TilePyramid::new(&points, zoom..=zoom, TileKernel::Pixels(sigma_px), &options).unwrap();
        let whole =
            GaussianOptions::default().with_tolerance(tolerance).with_normalization(Normalization::Count);
        let sigma = sigma_px * world(zoom).pixel_size()[0];
        let map = gaussian(&copies, &world(zoom), [sigma; 2], &whole).unwrap();
        let tiles = all(&pyramid);
        for row in 0..4 {
            for column in 0..4 {
                let tile = TileId::new(zoom, column, row).unwrap();
                let crop = crop(&map, tile);
                match tiles.get(&tile) {
                    Some(own) => assert_eq!(bits(own.values()), bits(&crop), "{tile:?} {sigma_px}"),
                    None => assert!(crop.iter().all(|value| *value == 0.0), "{tile:?} {sigma_px}"),
                }
            }
        }
    }
}

#[test]
fn boxes_and_weights_fit_together_too() {
    let points = projected(3000);
    let weights = Random::new(5).vector(3000, 0.5, 3.0);
    let [x, y] = thrice(&points);
    let thrice = weights.repeat(3);
    let copies = Points::new(&x, &y).unwrap().with_weights(&thrice).unwrap();
    let points = Points::new(&points[0], &points[1]).unwrap().with_weights(&weights).unwrap();
    let boxes = box_map(&copies, &world(2), [15, 15], 4, Normalization::Count).unwrap();
    for (tile, map) in all(&pyramid(&points, 2..=2, TileKernel::Boxes { radius: 15, passes: 4 })) {
        assert_eq!(bits(map.values()), bits(&crop(&boxes, tile)));
    }
    let sigma = 10.0 * world(2).pixel_size()[0];
    let options = GaussianOptions::default().with_normalization(Normalization::Count);
    let smooth = gaussian(&copies, &world(2), [sigma; 2], &options).unwrap();
    let (peak, _) = smooth.max();
    for (tile, map) in all(&pyramid(&points, 2..=2, TileKernel::Pixels(10.0))) {
        assert_close(map.values(), &crop(&smooth, tile), 1e-13 * peak);
    }
}

#[test]
fn a_width_in_metres_is_one_surface_whose_parents_are_sums() {
    let points = projected(2000);
    let [x, y] = thrice(&points);
    let copies = Points::new(&x, &y).unwrap();
    let points = Points::new(&points[0], &points[1]).unwrap();
    let on_map = points.present().count() as f64;
    // 3.8 pixels at zoom 3, and 0.95, where it is made two zooms deeper.
    for (sigma_m, deepest) in [(75_000.0, 3), (75_000.0, 1)] {
        let tiles = all(&pyramid(&points, 0..=deepest, TileKernel::Metres(sigma_m)));
        for (tile, map) in tiles.iter().filter(|(tile, _)| tile.zoom() < deepest) {
            assert_eq!(bits(map.values()), bits(&sum_of_children(&tiles, *tile)));
        }
        let top = &tiles[&TileId::new(0, 0, 0).unwrap()];
        assert!((top.sum() / on_map - 1.0).abs() < 2e-3 && top.sum() <= on_map * (1.0 + 1e-12));
        if deepest == 3 {
            let options = GaussianOptions::default().with_normalization(Normalization::Count);
            let whole = gaussian(&copies, &world(3), [sigma_m; 2], &options).unwrap();
            for (tile, map) in tiles.iter().filter(|(tile, _)| tile.zoom() == 3) {
                assert_eq!(bits(map.values()), bits(&crop(&whole, *tile)));
            }
        }
    }
}

#[test]
fn a_width_on_the_ground_is_that_of_each_latitude() {
    let points = projected(600);
    let [x, y] = thrice(&points);
    let copies = Points::new(&x, &y).unwrap();
    let points = Points::new(&points[0], &points[1]).unwrap();
    let on_map = points.present().count() as f64;
    let ground_m = 100_000.0;
    let tiles = all(&pyramid(&points, 0..=3, TileKernel::Ground(ground_m)));
    for (tile, map) in tiles.iter().filter(|(tile, _)| tile.zoom() < 3) {
        assert_eq!(bits(map.values()), bits(&sum_of_children(&tiles, *tile)));
    }
    // A kernel near the northern edge loses some over it.
    let top = tiles[&TileId::new(0, 0, 0).unwrap()].sum();
    assert!(top > 0.9 * on_map && top < on_map * (1.0 + 1e-5), "{top} of {on_map}");
    let options = GaussianOptions::default().with_normalization(Normalization::Count);
    let whole = ground_gaussian(&copies, &world(3), ground_m, &options).unwrap();
    let (peak, _) = whole.max();
    for row in 0..8 {
        for column in 0..8 {
            let tile = TileId::new(3, column, row).unwrap();
            let own =
                tiles.get(&tile).map_or(vec![0.0; TILE_PIXELS * TILE_PIXELS], |map| map.values().to_vec());
            assert_close(&own, &crop(&whole, tile), 1e-12 * peak);
        }
    }
}

#[test]
fn threads_and_the_order_of_points_do_not_change_a_bit() {
    let [x, y] = projected(150_000);
    let reversed = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
    let (rx, ry) = (reversed(&x), reversed(&y));
    let given = Points::new(&x, &y).unwrap();
    let turned = Points::new(&rx, &ry).unwrap();
    for kernel in [TileKernel::Counts, TileKernel::Pixels(4.0), TileKernel::Metres(40_000.0)] {
        let made = |threads: usize, points: &Points<'_>| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let tiles = pool.install(|| all(&pyramid(points, 0..=4, kernel)));
            tiles.into_iter().map(|(tile, map)| (tile, bits(map.values()))).collect::<Vec<_>>()
        };
        let one = made(1, &given);
        assert!(one == made(3, &given) && one == made(2, &turned), "{kernel:?}");
    }
    let ground = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let tiles = pool.install(|| all(&pyramid(&given, 0..=1, TileKernel::Ground(300_000.0))));
        tiles.into_values().map(|map| bits(map.values())).collect::<Vec<_>>()
    };
    assert!(ground(1) == ground(3));
}

#[test]
fn one_tile_is_that_of_the_pyramid() {
    let [x, y] = projected(500);
    let points = Points::new(&x, &y).unwrap();
    let ground = TileKernel::Ground(40_000.0);
    for kernel in [TileKernel::Counts, TileKernel::Pixels(4.0), TileKernel::Metres(40_000.0), ground] {
        let pyramid = pyramid(&points, 1..=4, kernel);
        for (tile, map) in all(&pyramid) {
            assert_eq!(bits(pyramid.tile(tile).unwrap().values()), bits(map.values()));
        }
    }
}

#[test]
fn a_point_on_180_degrees_counts_once_and_blurs_to_both_sides() {
    let half = 0.5 * WORLD_M;
    for x in [-half, half] {
        let (x, y) = ([x], [0.5 * half]);
        let points = Points::new(&x, &y).unwrap();
        let counts = all(&pyramid(&points, 0..=3, TileKernel::Counts));
        assert_eq!(counts.len(), 4);
        assert!(counts.iter().all(|(tile, map)| tile.column() == 0 && map.sum() == 1.0));
        for kernel in [TileKernel::Pixels(10.0), TileKernel::Boxes { radius: 15, passes: 4 }] {
            let tiles = all(&pyramid(&points, 3..=3, kernel));
            let side = |column: u32| -> f64 {
                tiles.iter().filter(|(tile, _)| tile.column() == column).map(|(_, map)| map.sum()).sum()
            };
            assert_eq!(tiles.len(), 4, "two rows on both sides");
            // Sums over boxes are exact; the two halves of a Gaussian meet within its tolerance.
            let allowed = if let TileKernel::Pixels(_) = kernel { 1e-5 } else { 1e-12 };
            let sum = side(0) + side(7);
            assert!((sum - 1.0).abs() < allowed, "{kernel:?}: {sum}");
            // The pixel to the right of the edge holds it: half a pixel more for the boxes.
            assert!((side(0) - 0.5).abs() < 0.03);
        }
    }
}

#[test]
fn deep_zooms_look_only_where_points_are() {
    let [x, y] = projected(40);
    let points = Points::new(&x, &y).unwrap();
    let on_map = points.present().count();
    let tiles = all(&pyramid(&points, 18..=20, TileKernel::Counts));
    for zoom in 18..=20 {
        let own: Vec<_> = tiles.iter().filter(|(tile, _)| tile.zoom() == zoom).collect();
        assert!(own.len() <= on_map && own.iter().all(|(_, map)| map.sum() >= 1.0));
        assert_eq!(own.iter().map(|(_, map)| map.sum()).sum::<f64>(), on_map as f64);
    }
    let deep = pyramid(&points, 20..=20, TileKernel::Pixels(10.0));
    let total: f64 = all(&deep).values().map(Map::sum).sum();
    assert!((total / on_map as f64 - 1.0).abs() < 1e-12, "{total}");
}

#[test]
fn impossible_pyramids_are_refused_with_the_number() {
    let [x, y] = projected(1000);
    let points = Points::new(&x, &y).unwrap();
    let refused = |zooms, kernel| {
        let options = TileOptions::default().with_most_tiles(1000);
        TilePyramid::new(&points, zooms, kernel, &options).unwrap_err()
    };
    let message = refused(0..=20, TileKernel::Counts).to_string();
    assert!(message.contains("1000 are allowed") && message.contains("stop at a lower zoom"), "{message}");
    assert!(matches!(refused(0..=12, TileKernel::Pixels(1e3)), DensityError::TooManyTiles { .. }));
    assert!(matches!(refused(0..=22, TileKernel::Ground(1e6)), DensityError::TooManyTiles { .. }));
    assert!(matches!(refused(0..=3, TileKernel::Pixels(0.1)), DensityError::BandwidthTooSmall { .. }));
    assert!(matches!(refused(0..=3, TileKernel::Metres(10.0)), DensityError::BandwidthTooSmall { .. }));
    for (zooms, kernel) in [
        (0..=23, TileKernel::Counts),
        #[expect(clippy::reversed_empty_ranges, reason = "what is refused")]
        (3..=2, TileKernel::Counts),
        (0..=2, TileKernel::Pixels(f64::NAN)),
        (0..=2, TileKernel::Pixels(1e4)),
        (0..=2, TileKernel::Metres(-1.0)),
        (0..=2, TileKernel::Boxes { radius: 3, passes: 0 }),
    ] {
        assert!(matches!(refused(zooms, kernel), DensityError::Input(_)));
    }
    assert!(TileId::new(3, 8, 0).is_err() && TileId::new(3, 0, 8).is_err() && TileId::new(23, 0, 0).is_err());
    let nothing = Points::new(&[f64::NAN, 1e9], &[0.0, 0.0]).unwrap();
    assert!(pyramid(&nothing, 0..=3, TileKernel::Pixels(3.0)).tiles().is_empty());
}
