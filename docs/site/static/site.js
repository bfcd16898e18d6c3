// On a narrow screen each cell of a wide table stands below the one before it, with the title of its column: site.css.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.docutils")) {
    const titles = [...table.querySelectorAll("thead th")].map((title) => title.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, column) => (cell.dataset.title = titles[column]));
    }
  }
});
