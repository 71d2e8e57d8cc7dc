// The theme draws its icons as words in a symbol font and hangs clicks on plain elements. Here
// the words are kept from screen readers, and what can be pressed is a button to everybody.
(() => {
  // The theme writes its own grey into charts; theirs follows the reader's theme instead.
  const inkCharts = () => {
    if (!window.Chart) return;
    const dark = document.documentElement.classList.contains("dark");
    window.Chart.defaults.color = dark ? "#d1d5dc" : "#4a5565";
  };
  document.addEventListener("DOMContentLoaded", inkCharts);
  new MutationObserver(inkCharts).observe(document.documentElement, { attributeFilter: ["class"] });

  const word = (name) => document.getElementById("page")?.dataset[`word${name}`] || "";
  const NAMES = [
    ["sidebarMobileOpen", "Menu"],
    ["sidebarDesktopOpen", "Menu"],
    ["openUserLinks", "Account"],
    ["openTabsDropdown", "More"],
    ["openDropdown", "More"],
    ["openActions", "More"],
    ["showActions", "More"],
    ["rowOpen", "More"],
    ["Open = false", "Close"],
  ];

  const nameOf = (element) => {
    const click = element.getAttribute("x-on:click") || element.getAttribute("@click") || "";
    const found = NAMES.find(([part]) => click.includes(part));
    return found ? word(found[1]) : "";
  };

  const saysNothing = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.remove());
    return !copy.textContent.trim() || element.classList.contains("material-symbols-outlined");
  };

  const isPressable = (element) =>
    !element.matches("a[href], button, input, label, select, summary, textarea, #changelist-filter-close") &&
    !element.querySelector("a[href], button, input, select, textarea");

  // A heading stays one; what stands in it is the button, and its clicks reach the heading.
  const insideHeading = (heading) => {
    const button = document.createElement("span");
    button.className = "flex grow items-center";
    button.append(...heading.childNodes);
    heading.append(button);
    return button;
  };

  const makePressable = (found) => {
    if (found.hasAttribute("role") || found.dataset.pressable || !isPressable(found)) return;
    found.dataset.pressable = "1";
    const element = /^H[1-6]$/.test(found.tagName) ? insideHeading(found) : found;
    element.setAttribute("role", "button");
    element.tabIndex = 0;
    const name = saysNothing(element) ? nameOf(element) || word("More") : "";
    if (name) element.setAttribute("aria-label", name);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      element.click();
    });
  };

  // The theme would put scroll bars of its own there, and asks them for the menu's place.
  window.SimpleBar = { instances: { get: (area) => ({ getScrollElement: () => area }) } };
  const nameScrollAreas = () => {
    document.querySelectorAll("[data-simplebar]").forEach((area, place) => {
      const near = area.closest("#nav-sidebar") ? "Menu" : area.closest("#changelist-filter") ? "Filters" : "More";
      area.setAttribute("aria-label", place && near === "More" ? `${word(near)} ${place}` : word(near));
      area.setAttribute("role", "region");
      area.tabIndex = 0;
    });
  };

  const tidy = (root) => {
    root.querySelectorAll("[x-on\\:click], [\\@click]").forEach(makePressable);
    root.querySelectorAll(".material-symbols-outlined").forEach((icon) => {
      if (icon.getAttribute("role") === "button") return;
      icon.setAttribute("aria-hidden", "true");
      const around = icon.closest("a, button, [role=button]");
      if (around && !around.getAttribute("aria-label") && saysNothing(around)) {
        const name = around.title || nameOf(around) || (around.id === "searchbar-submit" ? word("Search") : "") || (around.getAttribute("href") === "/admin/" ? word("Home") : "");
        if (name) around.setAttribute("aria-label", name);
      }
    });
  };

  const nameMenus = () => {
    document.getElementById("nav-sidebar-inner")?.setAttribute("aria-label", word("Menu"));
    document.getElementById("tabs-items")?.setAttribute("aria-label", word("Parts"));
    document.getElementById("tabs-dropdown")?.setAttribute("aria-label", word("More"));
  };

  // In the rows of a form the heading of the column is the label; in a choice, the field's own.
  const nameFields = () => {
    document.querySelectorAll("td input, td select, td textarea").forEach((field) => {
      if (field.type === "hidden" || field.labels?.length || field.getAttribute("aria-label")) return;
      const cell = field.closest("td");
      const head = field.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
      const name = (cell.dataset.label || head?.textContent || "").trim();
      if (name) field.setAttribute("aria-label", name);
    });
    document.querySelectorAll("th").forEach((head) => {
      if (head.textContent.trim() || head.children.length) return;
      const told = document.createElement("span");
      told.className = "sr-only";
      told.textContent = word("More");
      head.append(told);
    });
    document.querySelectorAll(".select2-container").forEach((box) => {
      const select = box.previousElementSibling;
      const label = select?.labels?.[0]?.textContent || select?.closest("td")?.dataset.label || word("Search");
      const name = label.replace("*", "").trim();
      box.querySelectorAll("[role=combobox], [role=textbox], input").forEach((part) => part.setAttribute("aria-label", name));
      box.querySelectorAll("ul.select2-selection__rendered").forEach((list) => {
        list.setAttribute("role", "none");
        list.querySelectorAll("li").forEach((item) => item.setAttribute("role", "none"));
      });
    });
  };

  // Menus hang below what opens them, or above where there is no room. The theme has a plugin for
  // this that can do much more, and weighs ten times as much.
  const GAP = 4;
  const hang = (menu, opener, atEnd) => {
    if (!menu.offsetParent) return;
    const holder = menu.offsetParent === document.body ? document.documentElement : menu.offsetParent;
    const from = holder.getBoundingClientRect();
    const box = opener.getBoundingClientRect();
    const above = box.top - GAP - menu.offsetHeight;
    const below = box.bottom + GAP;
    const top = below + menu.offsetHeight > window.innerHeight && above > 0 ? above : below;
    const most = document.documentElement.clientWidth - menu.offsetWidth - GAP;
    const left = Math.max(GAP, Math.min(atEnd ? box.right - menu.offsetWidth : box.left, most));
    menu.style.top = `${top - from.top - holder.clientTop}px`;
    menu.style.left = `${left - from.left - holder.clientLeft}px`;
  };
  document.addEventListener("alpine:init", () => {
    window.Alpine.directive("anchor", (menu, { expression, modifiers }, { evaluate, cleanup }) => {
      const place = () => hang(menu, evaluate(expression), modifiers.includes("bottom-end"));
      Object.assign(menu.style, { position: "absolute", right: "auto" });
      // Its size changes when it is shown.
      const shown = new ResizeObserver(place);
      shown.observe(menu);
      window.addEventListener("resize", place);
      document.addEventListener("scroll", place, true);
      cleanup(() => {
        shown.disconnect();
        window.removeEventListener("resize", place);
        document.removeEventListener("scroll", place, true);
      });
    });
  });

  // Django goes to the first box of a new row, and comes too early: nothing is shown before Alpine.
  document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    const model = document.getElementById("django-admin-form-add-constants")?.dataset.modelName;
    const boxes = document.getElementById(`${model}_form`)?.querySelectorAll("input, select, textarea") || [];
    if (document.activeElement === document.body) [...boxes].find((box) => !box.disabled && box.offsetParent)?.focus();
  }));

  // The boxes to choose from are made whenever a form, or a row of one, appears.
  let soon = 0;
  const watch = new MutationObserver((changes) => {
    const made = changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1));
    if (made && !soon) soon = requestAnimationFrame(() => { soon = 0; nameFields(); });
  });

  window.addEventListener("load", () => {
    nameFields();
    watch.observe(document.getElementById("content") || document.body, { childList: true, subtree: true });
  });
  document.addEventListener("DOMContentLoaded", () => {
    nameMenus();
    nameScrollAreas();
    tidy(document.body);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    tidy(event.target);
    nameFields();
  });
})();
