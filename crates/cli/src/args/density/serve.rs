//! Options of `hexad density serve`.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;

use super::points::PointArgs;
use super::{EstimateArgs, Running};
use crate::picture::{Colormap, ScaleKind};

const EXAMPLES: &str = "\
The page asks for one picture of what it shows whenever that changes; nothing is drawn ahead, and
nothing comes from the network. Ctrl-C ends it. With --json, the object is printed once the page
can be opened.

Examples:
  hexad density serve docs/data/cities.csv --x longitude --y latitude --crs lonlat
  hexad density serve docs/data/cities.csv --x longitude --y latitude --crs lonlat --port 8080 \\
    --bandwidth 5px --scale log";

/// A map page for the browser: pan, zoom, and change bandwidth, method and colours live.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    #[command(flatten)]
    pub points: PointArgs,
    #[command(flatten)]
    pub estimate: EstimateArgs,
    /// Colours that the page begins with
    #[arg(long, help_heading = "Picture", value_enum, value_name = "NAME", default_value_t = Colormap::Heat)]
    pub colormap: Colormap,
    /// How values are placed between them
    #[arg(long, help_heading = "Picture", value_enum, value_name = "SCALE", default_value_t = ScaleKind::Sqrt)]
    pub scale: ScaleKind,
    /// Port of the page; 0 takes a free one
    #[arg(long, help_heading = "Page", value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Address of the page. Any other than a loopback address lets everyone who can reach it see the points
    #[arg(long, help_heading = "Page", value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    #[command(flatten)]
    pub running: Running,
}
