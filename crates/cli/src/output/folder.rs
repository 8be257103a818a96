//! A folder that appears whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::temporary;
use crate::error::{Failure, Outcome};

/// A folder that is filled beside its target and waits to take its place. Dropped, it leaves no trace.
pub struct PendingFolder {
    target: PathBuf,
    folder: TempDir,
}

impl PendingFolder {
    /// An empty folder beside `target`. Parent folders are created.
    pub fn create(target: &Path) -> Outcome<Self> {
        let cannot = |error: io::Error| Failure::io(target, "write", &error);
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
        let parent =
            target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(cannot)?;
        let builder = &mut tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder.prefix(".hexad-").tempdir_in(parent).map_err(cannot)?;
        temporary().push(folder.path().to_path_buf());
        Ok(Self { target, folder })
    }

    /// Writes a file in it; folders on the way are created.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome<()> {
        let path = self.folder.path().join(name);
        let written = match fs::write(&path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parent = path.parent().unwrap_or(&path);
                fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes))
            }
            written => written,
        };
        written.map_err(|error| Failure::io(&self.target.join(name), "write", &error))
    }

    /// Puts the folder in its place. An older one is moved away first and then removed.
    pub fn commit(self) -> Outcome<()> {
        let cannot = |error: io::Error| Failure::io(&self.target, "write", &error);
        if !self.target.exists() {
            fs::rename(self.folder.path(), &self.target).map_err(cannot)?;
            return Ok(());
        }
        let parent = self.target.parent().unwrap_or(Path::new("."));
        let old = tempfile::Builder::new().prefix(".hexad-").tempdir_in(parent).map_err(cannot)?;
        // A folder may take the place of an empty one, and of no other.
        fs::rename(&self.target, old.path()).map_err(cannot)?;
        fs::rename(self.folder.path(), &self.target).map_err(|error| {
            // The first error is the one to report.
            let _ = fs::rename(old.path(), &self.target);
            Failure::io(&self.target, "write", &error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_only_when_it_is_committed_and_replaces_an_older_one() {
        let around = tempfile::tempdir().unwrap();
        let target = around.path().join("deep/tiles");
        for content in ["one", "two"] {
            let pending = PendingFolder::create(&target).unwrap();
            pending.write("3/1/2.png", content.as_bytes()).unwrap();
            pending.write(&format!("{content}.json"), b"{}").unwrap();
            assert_ne!(fs::read(target.join("3/1/2.png")).ok().as_deref(), Some(content.as_bytes()));
            pending.commit().unwrap();
            assert_eq!(fs::read(target.join("3/1/2.png")).unwrap(), content.as_bytes());
            assert_eq!(fs::read_dir(&target).unwrap().count(), 2);
            assert_eq!(fs::read_dir(target.parent().unwrap()).unwrap().count(), 1);
        }
        drop(PendingFolder::create(&target).unwrap());
        assert_eq!(fs::read_dir(target.parent().unwrap()).unwrap().count(), 1);
    }
}
