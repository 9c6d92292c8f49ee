# SPDX-License-Identifier: Apache-2.0
"""Drives Chromium through the pages that a log's server sends, as a person would, and says what was seen.

    python3 served.py < JOB > ANSWERS

A job is JSON:

    {"address": the page's, or null for an empty page of a secure origin,
     "language": "en-GB", "phone": false, "downloads": folder,
     "scripts": [path, ...]        on an empty page: files that share one scope, as in a page
     "before": code                run before the page's own, to give it what this browser lacks
     "steps": [["fill", "#name", "lin"], ...]}

The answer is {"answers": [what each step gave], "seen": {"foreign": requests to other servers, "sent": what was posted,
"console": lines, "errors": errors}}. What a step is called is the name of a function below. Nothing waits for a time: each
step waits for what it needs.
"""
import http.server
import json
import os
import sys
import threading

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("INDELIBLE_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60_000


class Session:
    def __init__(self, browser, job):
        options = {"locale": job.get("language", "en-GB"), "accept_downloads": True}
        if job.get("phone"):
            options.update(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True)
        self.context = browser.new_context(**options)
        self.downloads = job.get("downloads")
        if job.get("before"):
            self.context.add_init_script(job["before"])
        self.seen = {"foreign": [], "sent": [], "console": [], "errors": []}
        self.address = job.get("address") or self.serve_empty(job.get("scripts", []))
        self.open_page()

    def open_page(self):
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        origin = "/".join(self.address.split("/")[:3])
        self.page.on("request", lambda request: self.note(request, origin))
        self.page.on("console", lambda line: self.seen["console"].append(line.text))
        self.page.on("pageerror", lambda error: self.seen["errors"].append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(self.address)

    def note(self, request, origin):
        if not request.url.startswith((origin, "blob:", "data:")):
            self.seen["foreign"].append(request.url)
        if request.method == "POST":
            self.seen["sent"].append(request.post_data)

    def serve_empty(self, scripts):
        """A page on the loopback address whose one script is these files, and `run`, which the steps call."""
        text = "\n".join(open(path, encoding="utf-8").read() for path in scripts)
        page = f"<!doctype html><script>(() => {{\n\"use strict\";\n{text}\nglobalThis.run = (code) => eval(code);\n}})();</script>"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    # The steps.

    def evaluate(self, code):
        """What an expression in the scope of the scripts gives, on an empty page."""
        return self.page.evaluate("async (code) => { const value = await run(code); return value; }", code)

    def fill(self, selector, text):
        self.page.fill(selector, text)

    def keys(self, selector, text):
        self.page.focus(selector)
        self.page.keyboard.type(text)

    def click(self, selector):
        self.page.click(selector)

    def check(self, selector):
        self.page.check(selector)

    def choose(self, selector, value):
        self.page.select_option(selector, value)

    def give(self, selector, paths):
        self.page.set_input_files(selector, paths)

    def drop(self, selector, files):
        """Drops files, each a name and its text."""
        transfer = self.page.evaluate_handle(
            """(files) => { const transfer = new DataTransfer();
                for (const [name, text] of files) transfer.items.add(new File([text], name)); return transfer; }""", files)
        self.page.dispatch_event(selector, "drop", {"dataTransfer": transfer})

    def text(self, selector, part=""):
        """The text of an element, once it is shown and has this in it."""
        found = self.page.locator(selector).filter(has_text=part).first
        found.wait_for()
        return found.inner_text()

    def save(self, selector):
        """Saves what a button offers; gives the file's path."""
        with self.page.expect_download() as download:
            self.page.click(selector)
        path = os.path.join(self.downloads, download.value.suggested_filename)
        download.value.save_as(path)
        return path

    def value(self, selector):
        return self.page.input_value(selector)

    def answer(self, path, status, body, type="text/plain; charset=utf-8"):
        """Answers in the server's place from now on; status 0 answers nothing, null lets the server answer again."""
        self.page.unroute("**" + path)
        if status is None:
            return
        self.page.route("**" + path, lambda route: route.abort() if status == 0 else route.fulfill(
            status=status, body=body, content_type=type))

    def lose_answer(self, path):
        """Lets the server have a request, and loses its answer."""
        def lose(route):
            route.fetch()
            route.abort()
        self.page.route("**" + path, lose)

    def again(self):
        """Opens the page again in the same profile, and leaves the old one."""
        old = self.page
        self.open_page()
        old.close()

    def look(self):
        """What everybody must be able to rely on in a page."""
        return self.page.evaluate("""() => ({
            language: document.documentElement.lang,
            wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
            unlabelled: [...document.querySelectorAll("button, textarea, select, summary, input")]
                .filter((node) => !(node.innerText || node.getAttribute("aria-label") || node.labels?.length))
                .map((node) => node.id),
            injected: document.querySelectorAll("main b b, main img, main script, main iframe").length,
            kept: document.querySelectorAll("input[type=password]:not([autocomplete=off])").length,
        })""")

    def picture(self, path):
        self.page.screenshot(path=path, full_page=True)


def main():
    job = json.load(sys.stdin)
    with sync_playwright() as playwright:
        arguments = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        session = Session(browser, job)
        answers = []
        for name, *values in job["steps"]:
            try:
                answers.append(getattr(session, name)(*values))
            except Exception as error:
                raise SystemExit(f"step {len(answers)} {name} {values}: {error}; console {session.seen}") from error
        json.dump({"answers": answers, "seen": session.seen}, sys.stdout)
        browser.close()


main()
