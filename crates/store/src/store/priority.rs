//! Threads that give way: the sync log's writer works when requests leave it room.

/// The thread of the connection that writes the sync log. Linux keeps 15 characters.
pub(super) const LOG_WRITER: &str = "sync-log-writer";

/// How nice it is: it gets about a quarter of a processor that one request is busy on, and all of an idle one.
#[cfg(target_os = "linux")]
const NICE: i32 = 6;

/// Lowers the priority of this process's threads of a name. Where the system has no such thing, or refuses, they stay as
/// they are.
pub(super) fn give_way(name: &str) {
    #[cfg(target_os = "linux")]
    for tid in threads(name) {
        let of = rustix::process::Pid::from_raw(tid);
        let own = rustix::process::getpriority_process(of).unwrap_or_default();
        if let Err(error) = rustix::process::setpriority_process(of, own.max(NICE)) {
            tracing::debug!(%error, name, "a thread's priority was not lowered");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = name;
}

#[cfg(target_os = "linux")]
fn threads(name: &str) -> Vec<i32> {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return Vec::new() };
    let named =
        |task: &std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.trim() == name);
    tasks.flatten().filter(named).filter_map(|task| task.file_name().to_str()?.parse().ok()).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_threads_of_the_name_give_way() {
        let (done, wait) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("gives-way".to_owned()).spawn(move || wait.recv()).unwrap();
        let nice = |tid| rustix::process::getpriority_process(rustix::process::Pid::from_raw(tid)).unwrap();
        let own = nice(i32::try_from(std::process::id()).unwrap());
        let tid = loop {
            if let Some(tid) = threads("gives-way").first() {
                break *tid;
            }
        };
        give_way("gives-way");
        assert_eq!(nice(tid), NICE);
        assert_eq!(nice(i32::try_from(std::process::id()).unwrap()), own);
        drop(done);
        let _ = thread.join();
    }
}
