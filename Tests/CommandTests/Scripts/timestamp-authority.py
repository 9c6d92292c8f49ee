# SPDX-License-Identifier: Apache-2.0
"""A time-stamp authority on the loopback for scripts: `openssl ts` behind HTTP, with keys made anew in a folder.

    python3 timestamp-authority.py FOLDER [NAME]

    listening on http://127.0.0.1:20001       once it does; FOLDER/ca.pem stands behind it, FOLDER/other.pem does not

It stamps what is sent to /tsa. Every other path goes wrong in one way: /refuses, /replays, /page, /garbled, /endless.
"""
import http.server
import os
import random
import subprocess
import sys

FOLDER = sys.argv[1]
NAME = sys.argv[2] if len(sys.argv) > 2 else "Fictional Time-Stamps"
CONFIGURATION = """
[stamping]
extendedKeyUsage = critical,timeStamping
[tsa]
serial = serial
default_policy = 1.2.3.4
other_policies = 1.2.3.5
digests = sha256
accuracy = secs:1
signer_digest = sha256
ess_cert_id_alg = sha256
[refuses]
serial = serial
default_policy = 1.2.3.4
digests = sha512
signer_digest = sha256
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_keys():
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, "ts.cnf"), "w") as file:
        file.write(CONFIGURATION)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ["ca", "other"]:
        openssl("req", "-x509", *curve, "-keyout", name + ".key", "-out", name + ".pem", "-days", "3650", "-subj",
                f"/CN={NAME} {name}")
    openssl("req", "-new", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=" + NAME)
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650",
            "-extfile", "ts.cnf", "-extensions", "stamping", "-out", "tsa.pem")


def stamp(query, section):
    with open(os.path.join(FOLDER, "query.tsq"), "wb") as file:
        file.write(query)
    openssl("ts", "-reply", "-config", "ts.cnf", "-section", section, "-queryfile", "query.tsq", "-inkey", "tsa.key",
            "-signer", "tsa.pem", "-out", "reply.tsr")
    with open(os.path.join(FOLDER, "reply.tsr"), "rb") as file:
        return file.read()


class Handler(http.server.BaseHTTPRequestHandler):
    first = None

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query":
            return self.answer(415, "text/plain", b"want application/timestamp-query\n")
        reply = "application/timestamp-reply"
        if self.path == "/tsa":
            body = stamp(query, "tsa")
            Handler.first = Handler.first or body
            self.answer(200, reply, body)
        elif self.path == "/refuses":
            self.answer(200, reply, stamp(query, "refuses"))
        elif self.path == "/replays":
            self.answer(200, reply, Handler.first)
        elif self.path == "/page":
            self.answer(200, "text/html", b"<html>busy</html>\n")
        elif self.path == "/garbled":
            self.answer(200, reply, b"not DER\n")
        elif self.path == "/endless":
            self.answer(200, reply, bytes(100000))
        else:
            self.answer(404, "text/plain", b"nothing here\n")

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve():
    # Below the range that the kernel gives out for connections, so that none of those is in the way.
    while True:
        try:
            server = http.server.HTTPServer(("127.0.0.1", random.randrange(20000, 32768)), Handler)
            break
        except OSError:
            continue
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


make_keys()
serve()
