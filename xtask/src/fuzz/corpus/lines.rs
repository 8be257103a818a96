//! Lines: commands, and requests to the page.

use super::tables::{cities, years};
use super::{File, Made};

/// The page that is asked. What it prints is read.
pub(super) const SERVE: &str = "density serve input.csv --x longitude --y latitude --crs lonlat --json";

/// A command that uses every form of value, for each of the program's.
const ARGUMENTS: [&str; 12] = [
    "smooth input.csv --x year --y sunspots --sigma 2 --truncate 3 --boundary constant=1 --method direct --tolerance 1e-9 --derivative 1",
    "smooth input.csv --x year --y 1 --sigma auto --fit linear --nan skip --stderr --effective-n --out -",
    "spectrum input.csv --y sunspots --x 0 --window kaiser=8.6 --scaling density --detrend linear --segment 16 --overlap 0.5 --average median --confidence 0.9",
    "rebuild input.csv --y sunspots --sample-rate 1.5 --error 0.2 --norm max --lines fitted --json",
    "delay input.csv --columns year,sunspots --sample-rate 10 --max-lag 0.3 --band 0.1,4 --weighting phat --subsample parabolic --window hann --min-overlap 0.7",
    "density cities.csv --x longitude --y latitude --crs lonlat --bbox -10,35,30,60 --size 32x24 --bandwidth 50km --normalize count --colormap magma --scale log",
    "density cities.csv --x longitude --y latitude --method knn --neighbours 4 --decay 0.5 --size 16 --levels 0.5,90% --contours spots.geojson",
    "density animate cities.csv --x longitude --y latitude --radius 2..20 --size 32x24 --out moving.gif",
    "density tiles cities.csv --x longitude --y latitude --zoom 0-1 --bandwidth 5px --out tiles.pmtiles",
    "wave converge --dims 1 --order 4 --cfl 0.3 --cells 8,16,32 --end-time 0.5 --start taylor2 --problem two-waves",
    "neuron run --duration 30 --dt 0.01 --current 3 --excitatory 8 --inhibitory 2 --rate 10 --release 0.5 --weight 1 --integrator rk4 --synapse delta --seed 4 --set E_L=-54.4",
    "neuron population --neurons 8 --inputs 16 --duration 10 --precision f32 --record 0,2..4 --bin 2 --threads 2",
];

const REQUESTS: [&str; 5] = [
    "GET / HTTP/1.1\r\nHost: localhost:PORT\r\nAccept: */*\r\n\r\n",
    "GET /map.png?bbox=-1000000,4000000,3000000,8000000&size=20x10&method=knn&bandwidth=5&colormap=heat&scale=log&top=1e-3 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: fuzz\r\n\r\n",
    "GET /value.json?bbox=-1000000%2C4000000,3000000,8000000&size=20x10&column=3&row=4 HTTP/1.1\r\nHost: [::1]:PORT\r\n\r\n",
    "GET /../secret.txt HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    "HEAD /%2e%2e/secret.txt?a=b HTTP/1.0\r\nhost: localhost:PORT\r\nContent-Length: 5\r\n\r\nhello",
];

pub(super) fn arguments() -> Made<Vec<Vec<File>>> {
    let (years, cities) = (years()?.bytes, cities()?.bytes);
    let sample = |line: &&str| {
        let tables = [("input.csv", &years), ("cities.csv", &cities)]
            .map(|(name, bytes)| File::whole(name, bytes.clone()));
        [&[File::text("line.txt", *line)], tables.as_slice()].concat()
    };
    Ok(ARGUMENTS.iter().map(sample).collect())
}

pub(super) fn requests() -> Made<Vec<Vec<File>>> {
    let cities = cities()?.bytes;
    let sample =
        |request: &&str| vec![File::text("request.txt", *request), File::whole("input.csv", cities.clone())];
    Ok(REQUESTS.iter().map(sample).collect())
}
