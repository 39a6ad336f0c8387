// Runs before the first paint: the chosen theme and density, so that nothing flashes. Keys as in preferences.ts.
(() => {
  try {
    const root = document.documentElement;
    const stored = JSON.parse(localStorage.getItem("directory-sync.preferences") ?? "{}");
    if (stored.theme === "light" || stored.theme === "dark") root.dataset.theme = stored.theme;
    if (stored.density === "comfortable") root.dataset.density = "comfortable";
  } catch {
    // Storage is refused or broken: the system's theme stays.
  }
})();
