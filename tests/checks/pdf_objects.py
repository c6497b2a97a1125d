"""The objects of a PDF as `qpdf --json=2 --json-stream-data=inline --decode-level=generalized` writes them."""
import base64
import json
import re


class Objects:
    def __init__(self, path):
        self.by_name = json.load(open(path))["qpdf"][1]
        self.catalogue = self.value(self.by_name["trailer"]["value"]["/Root"])

    def value(self, thing):
        """The object behind a reference; dictionaries of streams for streams."""
        while isinstance(thing, str) and re.fullmatch(r"\d+ \d+ R", thing):
            thing = self.by_name["obj:" + thing]
            thing = thing["stream"]["dict"] if "stream" in thing else thing["value"]
        return thing

    def stream(self, reference):
        return base64.b64decode(self.by_name["obj:" + reference]["stream"]["data"]).decode("latin-1")

    def content(self, page):
        """The operators of a page."""
        streams = self.value(page)["/Contents"]
        return "\n".join(self.stream(s) for s in (streams if isinstance(streams, list) else [streams]))

    def pages(self):
        """References to the pages, in order."""
        found = []

        def walk(reference):
            node = self.value(reference)
            if node["/Type"] == "/Pages":
                for kid in node["/Kids"]:
                    walk(kid)
            else:
                found.append(reference)

        walk(self.catalogue["/Pages"])
        return found
