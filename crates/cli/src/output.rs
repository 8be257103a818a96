//! Files appear whole or not at all, whatever happens to the program.
//!
//! On Linux a file is written without a name and linked in when it is whole, so that even a killed run
//! leaves nothing behind. Elsewhere it is written under a temporary name, which Ctrl-C removes.

mod folder;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::error::{Failure, Outcome};
pub use folder::PendingFolder;

/// Temporary names on disk at the moment.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that is written and waits to take its place. Dropped, it leaves no trace.
pub struct Pending {
    target: PathBuf,
    file: Hidden,
}

/// A file that nobody sees yet.
enum Hidden {
    #[cfg(target_os = "linux")]
    Unnamed(File),
    Named(NamedTempFile),
    /// A device or pipe.
    InPlace(File),
}

/// Lets Ctrl-C and a termination stop the program at once and remove what it was writing, and lets a
/// file-size limit be an error like a full disk.
pub fn stop_cleanly() -> Outcome<()> {
    ctrlc::set_handler(|| {
        for path in temporary().iter() {
            // Nothing is left to do about a file that cannot be removed.
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        std::process::exit(130);
    })
    .map_err(|error| Failure::work(format!("cannot handle Ctrl-C: {error}")))?;
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default())
        .map_err(|error| Failure::work(format!("cannot handle a file-size limit: {error}")))?;
    Ok(())
}

/// Refuses a target that can never be written, before any work.
pub fn check_target(option: &str, path: &Path) -> Outcome<()> {
    if path.is_dir() {
        return Err(Failure::work(format!("{option} {}: is a folder; name a file in it", path.display())));
    }
    let ancestors = path.ancestors().skip(1);
    match ancestors.filter(|ancestor| !ancestor.as_os_str().is_empty()).find(|ancestor| ancestor.exists()) {
        Some(folder) if !folder.is_dir() => Err(Failure::work(format!(
            "{option} {}: {} is a file and not a folder; choose another path",
            path.display(),
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// Writes a file beside `path`, to be moved there by [`Pending::commit`]. Parent folders are created.
pub fn write(
    path: &Path,
    content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Outcome<Pending> {
    let mut pending = begin(path)?;
    content(pending.file.as_file()).map_err(|error| Failure::io(path, "write", &error))?;
    Ok(pending)
}

/// As [`write()`], for a format that is not written from its beginning to its end.
pub fn write_seekable(path: &Path, content: impl FnOnce(&mut File) -> io::Result<()>) -> Outcome<Pending> {
    let mut pending = begin_seekable(path)?;
    content(pending.file.as_file()).map_err(|error| Failure::io(path, "write", &error))?;
    Ok(pending)
}

/// Begins a file beside `path` that is written piece by piece.
pub fn begin(path: &Path) -> Outcome<Pending> {
    let cannot = |error: io::Error| Failure::io(path, "write", &error);
    // A link is followed: what it points at is replaced, not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let device = fs::OpenOptions::new().write(true).open(&target).map_err(cannot)?;
        return Ok(Pending { target, file: Hidden::InPlace(device) });
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(cannot)?;
    let file = Hidden::create(folder).map_err(cannot)?;
    Ok(Pending { target, file })
}

/// As [`begin`], for a format that is not written from its beginning to its end.
pub fn begin_seekable(path: &Path) -> Outcome<Pending> {
    let pending = begin(path)?;
    match pending.file {
        Hidden::InPlace(_) => Err(Failure::work(format!(
            "{}: is a device or pipe, and this format needs a file; name one",
            path.display()
        ))),
        _ => Ok(pending),
    }
}

impl Pending {
    /// What is written.
    pub fn as_file(&mut self) -> &mut File {
        self.file.as_file()
    }

    /// Puts the file in its place, over an older one.
    pub fn commit(self) -> Outcome<()> {
        self.file.place(&self.target).map_err(|error| Failure::io(&self.target, "write", &error))
    }
}

impl Hidden {
    fn create(folder: &Path) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Some(file) = unnamed(folder) {
            return Ok(Hidden::Unnamed(file));
        }
        let builder = &mut tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.prefix(".hexad-").tempfile_in(folder)?;
        temporary().push(file.path().to_path_buf());
        Ok(Hidden::Named(file))
    }

    fn as_file(&mut self) -> &mut File {
        match self {
            #[cfg(target_os = "linux")]
            Hidden::Unnamed(file) => file,
            Hidden::Named(file) => file.as_file_mut(),
            Hidden::InPlace(file) => file,
        }
    }

    fn place(self, target: &Path) -> io::Result<()> {
        let old = target.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.permissions());
        match self {
            #[cfg(target_os = "linux")]
            Hidden::Unnamed(file) => {
                old.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
                link(&file, target)
            }
            Hidden::Named(file) => {
                old.map_or(Ok(()), |permissions| file.as_file().set_permissions(permissions))?;
                file.persist(target).map(drop).map_err(|error| error.error)
            }
            Hidden::InPlace(_) => Ok(()),
        }
    }
}

/// A file without a name, where the file system has such.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    openat(CWD, folder, flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
}

/// Gives `file` the name `target`. The system links over nothing, so an older file is replaced by a rename.
#[cfg(target_os = "linux")]
fn link(file: &File, target: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd;
    let source = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |name: &Path| linkat(CWD, &source, CWD, name, AtFlags::SYMLINK_FOLLOW);
    match link(target) {
        Err(rustix::io::Errno::EXIST) => {
            let mut name = std::ffi::OsString::from(".hexad-");
            name.push(std::process::id().to_string());
            name.push("-");
            name.push(target.file_name().unwrap_or_default());
            let name = target.with_file_name(name);
            link(&name)?;
            fs::rename(&name, target).inspect_err(|_| {
                // The rename's own error is the one to report.
                let _ = fs::remove_file(&name);
            })
        }
        linked => Ok(linked?),
    }
}

fn temporary() -> MutexGuard<'static, Vec<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_it_is_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/out.csv");
        let pending = write(&path, |out| out.write_all(b"one")).unwrap();
        assert!(!path.exists());
        pending.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");

        let pending = write(&path, |out| out.write_all(b"two")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        pending.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let failed = write(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failed.is_err_and(|error| error.to_string().contains("free some space")));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn temporary_names_vanish_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let named = || Hidden::Named(tempfile::Builder::new().tempfile_in(folder.path()).unwrap());
        drop(named());
        let mut file = named();
        file.as_file().write_all(b"whole").unwrap();
        file.place(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
