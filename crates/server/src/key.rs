//! The server key: made at the first start, readable by its owner only.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::ServerKey;

use crate::app::StartError;

const FILE: &str = "server.key";

/// Where the key stands.
pub(crate) fn file(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// The key in the data directory; a new one when there is none.
pub(crate) fn load_or_make(data: &Path) -> Result<ServerKey, StartError> {
    let path = file(data);
    let failed = |error| StartError::KeyFile(path.clone(), error);
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match made {
        Ok(mut file) => {
            let key = ServerKey::generate().map_err(|_| StartError::NoRandomness)?;
            file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let mut bytes = Vec::new();
            let mut file = OpenOptions::new().read(true).open(&path).map_err(failed)?;
            file.read_to_end(&mut bytes).map_err(failed)?;
            bytes.try_into().map(ServerKey::from_bytes).map_err(|_| StartError::BrokenKey(path.clone()))
        }
        Err(error) => Err(failed(error)),
    }
}
