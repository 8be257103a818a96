//! Smooth rasters as bytes: the same bytes for the same sums, little-endian on every machine.

use super::{GaussianOptions, GaussianPlan, SmoothRaster};
use crate::bytes::{Words, put_tally, put_view};
use crate::{DensityError, Normalization, View};

const MAGIC: [u8; 8] = *b"HXSMOOT1";

impl SmoothRaster {
    /// The raster as bytes, to store or send.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        put_view(&mut bytes, &self.view);
        let [x, y] = self.sigma;
        bytes.extend([x, y, self.tolerance].into_iter().flat_map(f64::to_le_bytes));
        put_tally(&mut bytes, self.tally);
        self.sums.put(&mut bytes);
        self.moments.put(&mut bytes);
        bytes.extend(u64::to_le_bytes(digest(&bytes)));
        bytes
    }

    /// The plan that it is a raster of, for maps in `normalization`.
    ///
    /// # Errors
    ///
    /// None that the first plan did not have.
    pub fn plan(&self, normalization: Normalization) -> Result<GaussianPlan, DensityError> {
        let options = GaussianOptions { tolerance: self.tolerance, normalization };
        GaussianPlan::new(self.view, self.sigma, &options)
    }

    /// The view.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Standard deviations along x and y, in data units.
    #[must_use]
    pub fn sigma(&self) -> [f64; 2] {
        self.sigma
    }

    /// The raster that [`SmoothRaster::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// [`DensityError::NotARaster`] for other bytes, or some that were changed in a way that shows.
    ///
    /// # Examples
    ///
    /// ```
    /// use hexad_density::{GaussianOptions, GaussianPlan, Points, SmoothRaster, View};
    /// let view = View::new([0.0, 0.0, 3.0, 3.0], [3, 3])?;
    /// let plan = GaussianPlan::new(view, [1.0, 1.0], &GaussianOptions::default())?;
    /// let mut raster = plan.make_raster();
    /// plan.add(&mut raster, &Points::new(&[0.5, 2.5], &[1.5, 1.5])?);
    /// let sent = SmoothRaster::from_bytes(&raster.to_bytes())?;
    /// assert_eq!(plan.finish(&sent), plan.finish(&raster));
    /// # Ok::<(), hexad_density::DensityError>(())
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DensityError> {
        let damaged = DensityError::NotARaster { reason: "they were changed or cut" };
        let (bytes, kept) = bytes.split_last_chunk().ok_or(damaged)?;
        let mut words = Words(bytes);
        if words.next()? != MAGIC {
            return Err(DensityError::NotARaster { reason: "they do not start as one" });
        }
        // A view that was changed could ask for all memory.
        if digest(bytes) != u64::from_le_bytes(*kept) {
            return Err(damaged);
        }
        let (view, sigma) = (words.view()?, [words.real()?, words.real()?]);
        let options = GaussianOptions::default().with_tolerance(words.real()?);
        let wrong = DensityError::NotARaster { reason: "their kernel is not one" };
        let plan = GaussianPlan::new(view, sigma, &options).map_err(|_| wrong)?;
        let mut raster = plan.make_raster();
        raster.tally = words.tally()?;
        raster.sums.get(&mut words)?;
        raster.moments.get(&mut words, plan.moments.as_ref().map_or(0, |cells| cells.count()))?;
        if words.left() == Some(0) {
            Ok(raster)
        } else {
            Err(DensityError::NotARaster { reason: "they go on" })
        }
    }
}

/// FNV-1a, a word at a time.
fn digest(bytes: &[u8]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().fold(0xcbf2_9ce4_8422_2325, |digest: u64, word| {
        (digest ^ u64::from_le_bytes(*word)).wrapping_mul(0x0100_0000_01b3)
    })
}
