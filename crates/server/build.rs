//! Builds the console, which the binary carries. `WEB_SKIP=1` puts a placeholder in its place, for checks of Rust alone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const SOURCES: [&str; 8] =
    ["src", "scripts", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", ".npmrc"];

fn main() -> Result<(), String> {
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let web = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../../web");
    let built = PathBuf::from(variable("OUT_DIR")?).join("console");
    let words = |error: std::io::Error| error.to_string();
    let mut told = vec![format!("rustc-env=WEB_DIST={}", built.display()), "rerun-if-env-changed=WEB_SKIP".to_owned()];
    told.extend(SOURCES.iter().map(|source| format!("rerun-if-changed={}", web.join(source).display())));
    let told: String = told.iter().flat_map(|line| ["cargo::", line, "\n"]).collect();
    std::io::stdout().write_all(told.as_bytes()).map_err(words)?;
    if built.exists() {
        fs::remove_dir_all(&built).map_err(words)?;
    }
    fs::create_dir_all(&built).map_err(words)?;
    if env::var("WEB_SKIP").is_ok_and(|skip| skip == "1") {
        let page = "<!doctype html><html lang=\"en\"><title>Directory Sync</title><p>This build carries no console.</p></html>\n";
        return fs::write(built.join("index.html"), page).map_err(words);
    }
    if !installed(&web) {
        npm(&web, &built, &["ci", "--no-fund", "--no-audit"])?;
    }
    npm(&web, &built, &["run", "--silent", "build"])
}

/// Whether the packages of the lockfile are there: npm leaves a copy of what it installed.
fn installed(web: &Path) -> bool {
    let age = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let (wanted, there) = (age(&web.join("package-lock.json")), age(&web.join("node_modules/.package-lock.json")));
    matches!((wanted, there), (Some(wanted), Some(there)) if wanted <= there)
}

fn npm(web: &Path, built: &Path, arguments: &[&str]) -> Result<(), String> {
    let run = Command::new("npm").args(arguments).current_dir(web).env("WEB_DIST", built).output();
    let output = run.map_err(|error| format!("the console needs npm to be built ({error}); WEB_SKIP=1 leaves it out"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Err(format!("npm {} failed:\n{}", arguments.join(" "), told.join("\n")))
}
