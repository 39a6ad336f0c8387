//! SQLite's files with all tables and no rows. They are made once for a test's program and copied for each of its tests, most
//! of which take less time than the migrations would.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use std::{env, fs, io};

use domain::SystemClock;
use tempfile::TempDir;

use crate::{Database, Settings, Store};

/// What the folders of files to copy are called.
const EXTENSION: &str = "empty-sqlite";

/// A fresh directory with the files.
pub(super) async fn directory() -> Result<TempDir, String> {
    let kept = kept().map_err(|e| e.to_string())?;
    if !kept.exists() {
        make(&kept).await?;
    }
    let fresh = tempfile::tempdir().map_err(|e| e.to_string())?;
    copy(&kept, fresh.path()).map_err(|e| format!("{}: {e}", kept.display()))?;
    Ok(fresh)
}

/// Where they stand, beside this program. Its migrations are in it, so one that was built anew has others.
fn kept() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let built = fs::metadata(&program)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(program.with_extension(format!("{}.{EXTENSION}", built.as_nanos())))
}

async fn make(kept: &Path) -> Result<(), String> {
    let beside = kept.parent().ok_or("the program stands nowhere")?;
    let making = tempfile::tempdir_in(beside).map_err(|e| e.to_string())?;
    let settings = Settings::new(Database::Sqlite { directory: making.path().to_owned() });
    let store = Store::open(settings, Arc::new(SystemClock)).await.map_err(|e| e.to_string())?;
    store.close().await;
    // Another test may have been quicker, with the same; whether they are there is seen when they are copied.
    drop(fs::rename(making.path(), kept));
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
