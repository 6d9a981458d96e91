(() => {
  const map = document.querySelector("svg.map");
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  const marks = [...document.querySelectorAll(".village")];
  let view = [...whole];
  const scale = () => Math.max(view[2] / map.clientWidth, view[3] / map.clientHeight);
  const draw = () => {
    map.setAttribute("viewBox", view.join(" "));
    const size = scale() * 1.0;
    for (const mark of marks) mark.setAttribute("transform", `translate(${mark.dataset.x} ${mark.dataset.y}) scale(${size})`);
    document.body.classList.toggle("far", size > 0.35);
  };
  const zoom = (factor, x, y) => {
    view = [x - (x - view[0]) / factor, y - (y - view[1]) / factor, view[2] / factor, view[3] / factor];
    draw();
  };
  const place = event => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  map.addEventListener("wheel", event => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8, ...place(event)); }, { passive: false });
  let held = null;
  map.addEventListener("pointerdown", event => { held = place(event); });
  map.addEventListener("pointermove", event => {
    if (!held || !event.buttons) return;
    const [x, y] = place(event);
    view[0] += held[0] - x; view[1] += held[1] - y; draw();
  });
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => {
    const factor = Number(button.dataset.zoom);
    if (factor) zoom(factor, view[0] + view[2] / 2, view[1] + view[3] / 2); else { view = [...whole]; draw(); }
  });
  const choose = kato => {
    for (const each of document.querySelectorAll(".chosen")) each.classList.remove("chosen");
    const mark = marks.find(each => each.dataset.kato === kato);
    if (mark) {
      mark.classList.add("chosen"); mark.parentNode.append(mark);
      const width = Math.min(view[2], whole[2] / 6), height = width * view[3] / view[2];
      view = [mark.dataset.x - width / 2, mark.dataset.y - height / 2, width, height]; draw();
    }
    for (const each of document.querySelectorAll(`li[data-kato="${kato}"]`)) { each.classList.add("chosen"); each.scrollIntoView({ block: "nearest" }); }
  };
  document.addEventListener("click", event => {
    const owner = event.target.closest("[data-kato]");
    if (owner) choose(owner.dataset.kato);
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.target.dataset.kato) choose(event.target.dataset.kato);
  });
  for (const box of document.querySelectorAll("[data-state]")) box.addEventListener("change", () => document.body.classList.toggle(`no-${box.dataset.state}`, !box.checked));
  addEventListener("resize", draw);
  draw();
})();
