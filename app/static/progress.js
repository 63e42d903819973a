// A page that shows how far a job is asks again by itself, without flicker, until it is done.
(() => {
  "use strict";
  const ask = async () => {
    const shown = document.querySelector("[data-refresh]");
    if (!shown) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById(shown.id);
      if (!found) return location.reload();
      if (!("refresh" in found.dataset)) {
        document.title = page.title;
        shown.replaceWith(found);
        return;
      }
      // The region stays in place, so that a screen reader says what has changed in it.
      shown.querySelector(".tag").replaceWith(found.querySelector(".tag"));
      const region = shown.querySelector("[role=status]");
      region.innerHTML = found.querySelector("[role=status]").innerHTML;
    } catch {
      // Without a connection it is asked again; the page says what it said.
    }
    setTimeout(ask, Number(shown.dataset.refresh) * 1000);
  };
  setTimeout(ask, 1000);
})();
