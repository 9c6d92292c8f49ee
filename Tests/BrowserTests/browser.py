# SPDX-License-Identifier: Apache-2.0
"""Drives Chromium through pages as a person would, and says what was seen.

    python3 browser.py < JOB > ANSWERS

A job is JSON: {"sessions": [session, ...]}. Each session is a fresh profile that opens one page:

    {"page": path of an HTML file,
     "over": "file" or "http" (a server on the loopback address, of that one file),
     "engine": "browser" or "page" (the page must do without crypto.subtle),
     "language": "en-GB", "zone": "UTC", "phone": false, "dark": false,
     "steps": [["give", [path, ...]], ...]}

An answer has what each step gave, and what no page may do: every request but for the page itself, every dialog, every
line on the console, every error. What a step is called is the name of a function below.
"""
import functools
import http.server
import json
import os
import pathlib
import sys
import threading

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("INDELIBLE_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60_000

# What a reader sees of the page, part by part.
LOOK = """() => {
    const texts = (selector, root = document) => [...root.querySelectorAll(selector)].map((node) => node.innerText.trim());
    return {
        language: document.documentElement.lang,
        title: document.title,
        text: document.body.innerText,
        verdicts: [...document.querySelectorAll(".verdict")].map((node) =>
            ({ kind: node.classList[1], text: node.querySelector(".sentence").innerText,
               note: node.querySelector(".note")?.innerText ?? null })),
        rows: [...document.querySelectorAll("article .rows > dt")].map((node) =>
            [node.textContent, node.nextElementSibling.innerText]),
        notices: texts(".notice"), given: texts("#given li"), boxes: texts(".box"), withheld: texts(".box .withheld"),
        marks: texts(".box .mark"), live: document.getElementById("live")?.textContent ?? "",
        paragraphs: texts(".paragraph h5"), only: texts(".only"), trust: [...document.querySelectorAll("#trust-summary, #trust-list")].map((node) => node.textContent),
        problem: texts("#trust-problem").join(""), hit: String(globalThis.hit),
        elements: [...new Set([...document.querySelectorAll("*")].map((node) => node.localName))].sort(),
        wide: Number(document.documentElement.scrollWidth > document.documentElement.clientWidth),
        unlabelled: [...document.querySelectorAll("button, textarea, select, summary, input:not([hidden])")]
            .filter((node) => !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length)).length,
    };
}"""


class Session:
    """One page in a profile of its own."""

    def __init__(self, browser, job):
        options = {"locale": job.get("language", "en-GB"), "timezone_id": job.get("zone", "UTC"),
                   "color_scheme": "dark" if job.get("dark") else "light", "viewport": {"width": 1000, "height": 900}}
        if job.get("phone"):
            options.update(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True)
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.seen = {"requests": [], "dialogs": [], "console": [], "errors": []}
        self.page.on("request", lambda request: self.seen["requests"].append(request.url))
        self.page.on("console", lambda line: self.seen["console"].append(line.text))
        self.page.on("pageerror", lambda error: self.seen["errors"].append(str(error)))
        self.page.on("dialog", self.dismiss)
        if job.get("engine") == "page":
            self.page.add_init_script("delete Crypto.prototype.subtle")
        self.server = None
        address = pathlib.Path(job["page"]).resolve().as_uri()
        if job.get("over") == "http":
            self.server = serve(job["page"])
            address = f"http://127.0.0.1:{self.server.server_port}/"
        self.page.goto(address)
        self.seen["requests"].remove(address)

    def dismiss(self, dialog):
        self.seen["dialogs"].append(dialog.message)
        dialog.dismiss()

    def close(self):
        self.context.close()
        if self.server is not None:
            self.server.shutdown()

    # The steps.

    def give(self, paths):
        """Chooses files, and waits for what comes of them."""
        self.page.set_input_files("#files", paths)
        self.wait()

    def folder(self, path):
        """Chooses a folder."""
        self.page.set_input_files("#folder", path)
        self.wait()

    def drop(self, files):
        """Drops files, each a name and its text, onto the page."""
        transfer = self.page.evaluate_handle(
            """(files) => { const transfer = new DataTransfer();
                for (const [name, text] of files) transfer.items.add(new File([text], name)); return transfer; }""", files)
        self.page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
        self.wait()

    def trust(self, path):
        """Chooses a trust list."""
        self.page.set_input_files("#trust-file", path)
        self.wait()

    def paste_trust(self, text):
        """Pastes a trust list."""
        self.page.eval_on_selector("#trust-other", "(node) => { node.open = true; }")
        self.page.fill("#trust-text", text)
        self.page.click("#use-trust")
        self.wait()

    def compare(self, text):
        """Pastes a copy, to be compared with the first result."""
        self.page.eval_on_selector("details.compare", "(node) => { node.open = true; }")
        self.page.fill("details.compare textarea", text)
        self.page.click("details.compare button")

    def speak(self, language):
        """Turns the page to another language."""
        self.page.click(f"#speak-{language}")

    def again(self):
        """Starts again."""
        self.page.click("#again")
        self.wait()

    def give_and_cancel(self, paths):
        """Chooses files, and stops the work as soon as it can be stopped."""
        # In the page itself: a click from here can come when the work is done already.
        self.page.evaluate(
            """() => {
                const button = document.getElementById("cancel");
                const watch = new MutationObserver(() => {
                    if (!button.checkVisibility()) return;
                    watch.disconnect();
                    button.click();
                });
                watch.observe(document.body, { attributes: true, childList: true, subtree: true });
            }"""
        )
        self.page.set_input_files("#files", paths)
        self.wait()

    def press(self, keys):
        """Presses keys one after the other; says what has the focus after each."""
        said = []
        for key in keys:
            self.page.keyboard.press(key)
            said.append(self.page.evaluate("document.activeElement.id || document.activeElement.localName"))
        return said

    def look(self):
        """What a reader sees."""
        return self.page.evaluate(LOOK)

    def call(self, function, argument=None):
        """What a function of the page's own world gives."""
        return self.page.evaluate(function, argument)

    def call_with_file(self, function, path):
        """What a function gives for the JSON in a file."""
        return self.page.evaluate(function, json.loads(pathlib.Path(path).read_text()))

    def shot(self, path, height=None):
        """Takes a picture of the whole page, or of the top of it."""
        clip = None
        if height is not None:
            size = self.page.viewport_size
            clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=path, full_page=True, clip=clip)

    def wait(self):
        """Waits until nothing is being worked on."""
        # Playwright's own waiting evaluates a text in the page, which the page's policy refuses.
        self.page.evaluate(
            "async () => { while (!indelible.isIdle()) await new Promise((done) => setTimeout(done, 5)); }")


def serve(path):
    """Serves one file at the root of a server on the loopback address."""
    body = pathlib.Path(path).read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body if self.path == "/" else b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=functools.partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
    return server


def run(browser, job):
    session = Session(browser, job)
    answers = []
    try:
        for name, *arguments in job["steps"]:
            answers.append(getattr(session, name)(*arguments))
    finally:
        session.close()
    return {"answers": answers, **session.seen}


def arguments():
    """What Chromium must be told."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def main():
    job = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments())
        answers = [run(browser, session) for session in job["sessions"]]
        browser.close()
    json.dump({"sessions": answers}, sys.stdout)


if __name__ == "__main__":
    main()
