"""An .xls as Excel 97 writes it, packed: nothing at hand makes one anew (made once with xlwt; all in it is invented)."""

import base64
import zlib

XLS = zlib.decompress(
    base64.b64decode(
        "eNrtWE1oE1EQ/t5mkyahzU9NhVYosWDVWihFBC/tttJaekipilSLoG130VDZSgyCHrRacxQET4qXQj14qXrxBz3oQfAgVOpBEIREj54EBQ9p1nmT3ZJW"
        "hQa0UH1fePNm5s3Mm7zf3X2zEM/PPmgqYBW64UPJCSFQoRNUQp4QA7U7jmS9OkjFUdhQCAVpIgN+PK17XSPnUM53ARru6y+IAh+pHMMZDE3ZVnIdsY9z"
        "GBMyhy6iArdJE0EjZ1XPdILpJqb32PIZ0x7WXGPaRbZ5MYoFY6htr7uKj2gt3BaBjPuIfd6zphMNeCVX8aXromzrR28mPXZ6gzU067WYA03ogGVbGSlH"
        "cQdhIJXq6OvrOErII0GTPYdvThL46u3q50mlX1+9AOm/r9TX/EYfpElcrb+h6cA0nBO8SXKIY6sOPqgH7Ym0adnZs0XskWuBC63yQZMMDtvpLFUjpyyb"
        "1P121spYpg/oPWnRUuok7lDRDMs4fEDEVhwQdbxxaomaiDIf5+0TowyLd78spsaHjeOsmeZLoXx1bJOZwsFl6UHOEW7RmPqptDG/i+kVjrqF+SamCbKh"
        "unW4wWX2z7DNVW5tpX52M94a2yv4HcTnPh943Jz7ZOwkfn6gcCEx/86YRQuNkEn+8jeDdtEubt2UeGJ4tXCPmQ9MG386coJazM3dce/HKJbkJiPEmZYl"
        "OTpiWdLcsSpLPpJ8y5JOku5GFr+ILDiy37UXHFnOx0VNShrlu/hScyUZ6xw5dGv1eMiD3FNxlYehoKCgoKCgoKDwX0K4j+A+fvwsP4gH3HcF+V1niUpJ"
        "fSb5Z3EQU/TL0ktlP2yqMzhf1frZDL/wYok1+njfCyVGqPcMJjHOeUxWvX7pFU1U/p81O8b+3Baqtv9SNXn+5f5/ACGh2dU="
    )
)
