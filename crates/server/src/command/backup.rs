//! `backup`.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use domain::{Clock, Secret, SystemClock};
use serde::Serialize;
use store::{BackedUp, Database, Migrated, back_up};
use uuid::Uuid;

use super::{Failure, print};
use crate::config::Config;
use crate::key;

/// The file that says what a backup holds. It is written last.
const MANIFEST: &str = "manifest.json";

#[derive(Args, Debug)]
pub(super) struct Backup {
    /// The folder to make; it must not be there yet.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Copy the server key too. Whoever has such a backup can read what is sealed and make tokens: keep it as you keep the key.
    #[arg(long)]
    with_key: bool,
    /// Print JSON: the manifest.
    #[arg(long)]
    json: bool,
}

/// What a backup holds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    version: &'static str,
    begun_at: String,
    ended_at: String,
    with_key: bool,
    files: Vec<CopiedFile>,
    migrations: Migrations,
    counts: Counts,
    tenants: Vec<CopiedTenant>,
}

#[derive(Serialize)]
struct CopiedFile {
    name: String,
    bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Migrations {
    directory: History,
    sync_log: History,
}

#[derive(Serialize)]
struct History {
    made: u64,
    newest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    tenants: usize,
    people: u64,
    groups: u64,
    changes: u64,
    audit_entries: u64,
    sync_events: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CopiedTenant {
    id: String,
    slug: String,
    /// Number of its last change.
    last_seq: u64,
}

impl Backup {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let Self { to, with_key, json } = self;
        let directory = match &config.database {
            Database::Sqlite { directory } => directory,
            Database::Postgres { url, .. } => return Err(way_of_postgres(url).into()),
        };
        let to = std::path::absolute(to)?;
        let unfinished = Unfinished::make(&to)?;
        let begun_at = SystemClock.now().to_rfc3339();
        let copied = back_up(directory, &unfinished.folder).await?;
        if with_key {
            let key = key::file(&config.data);
            let bytes = std::fs::read(&key).map_err(|error| format!("{} cannot be read: {error}", key.display()))?;
            write_new(&key::file(&unfinished.folder), &bytes)?;
        }
        let manifest = Manifest::of(copied, begun_at, with_key);
        write_new(&unfinished.folder.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
        File::open(&unfinished.folder)?.sync_all()?;
        unfinished.finish(&to)?;
        print(json, &manifest, &manifest.told(&to))
    }
}

impl Manifest {
    fn of(copied: BackedUp, begun_at: String, with_key: bool) -> Self {
        let BackedUp { files, migrated: [directory, sync_log], counts, tenants } = copied;
        let history = |Migrated { made, newest }| History { made, newest };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            begun_at,
            ended_at: SystemClock.now().to_rfc3339(),
            with_key,
            files: files.into_iter().map(|(name, bytes)| CopiedFile { name, bytes }).collect(),
            migrations: Migrations { directory: history(directory), sync_log: history(sync_log) },
            counts: Counts {
                tenants: tenants.len(),
                people: counts.people,
                groups: counts.groups,
                changes: counts.changes,
                audit_entries: counts.audit_entries,
                sync_events: counts.sync_events,
            },
            tenants: tenants
                .into_iter()
                .map(|tenant| CopiedTenant { id: tenant.id.to_string(), slug: tenant.slug, last_seq: tenant.last_seq })
                .collect(),
        }
    }

    /// The same for people.
    fn told(&self, to: &Path) -> String {
        let Counts { tenants, people, groups, changes, audit_entries, sync_events } = &self.counts;
        let mut lines: Vec<String> =
            self.tenants.iter().map(|tenant| format!("{}\tlast change {}", tenant.slug, tenant.last_seq)).collect();
        lines.push(format!(
            "{}: {tenants} tenants, {people} people, {groups} groups, {changes} changes, {audit_entries} entries of the audit, {sync_events} requests",
            to.display()
        ));
        lines.push(if self.with_key {
            "the server key is in it: keep this folder as you keep the key".to_owned()
        } else {
            "the server key is not in it, and without the key no token can be checked: keep server.key in another place"
                .to_owned()
        });
        lines.join("\n")
    }
}

/// A backup that is being made, in a folder beside its own. Dropped, it is removed.
struct Unfinished {
    folder: PathBuf,
}

impl Unfinished {
    fn make(to: &Path) -> Result<Self, Failure> {
        if to.symlink_metadata().is_ok() {
            return Err(format!("{} is there already, and a backup overwrites nothing: name a new folder", to.display()).into());
        }
        let name = to.file_name().ok_or_else(|| format!("{} is no name for a new folder", to.display()))?;
        let mut own = name.to_owned();
        own.push(format!(".unfinished-{}", Uuid::now_v7()));
        let folder = to.with_file_name(own);
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Gives it its name. A folder that somebody made meanwhile is replaced only when nothing is in it.
    fn finish(self, to: &Path) -> Result<(), Failure> {
        std::fs::rename(&self.folder, to).map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
        let beside = to.parent().unwrap_or(Path::new("/"));
        Ok(File::open(beside)?.sync_all()?)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Once it has its name there is nothing here.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// How a database of PostgreSQL is backed up.
fn way_of_postgres(url: &Secret) -> String {
    format!(
        "the data stands in PostgreSQL, which makes its backups itself: \
         pg_dump --format=custom --file=directory-sync.dump {:?} \
         (with row-level security as docs/running.md says), or pg_basebackup for the whole server; \
         keep server.key in another place",
        without_password(url)
    )
}

/// The address as it may be shown. What stands in one without a host may be anything, and a query may have a password too.
fn without_password(url: &Secret) -> String {
    let generic = || "postgres://USER@HOST/DATABASE".to_owned();
    let Ok(mut shown) = url::Url::parse(url.expose()) else { return generic() };
    if shown.host_str().is_none_or(str::is_empty) || shown.set_password(None).is_err() {
        return generic();
    }
    shown.set_query(None);
    shown.set_fragment(None);
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_database_is_shown_without_what_is_secret() {
        let shown = |url: &str| without_password(&Secret::new(url.to_owned()));
        let whole = "postgres://ann:hunter2@db.test:5432/sync?password=hunter2&sslmode=require#hunter2";
        assert_eq!(shown(whole), "postgres://ann@db.test:5432/sync");
        for odd in [
            "postgres:ann:hunter2@db.test/sync",
            "postgres:///sync?user=ann&password=hunter2",
            "postgres:/ann:hunter2@db.test",
            "hunter2",
        ] {
            assert_eq!(shown(odd), "postgres://USER@HOST/DATABASE", "{odd}");
        }
    }
}
