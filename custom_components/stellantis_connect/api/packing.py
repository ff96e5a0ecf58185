"""JSON of records in a fifth of its space, so that the history of a car fits in memory."""

import zlib

# What records have in common; what most of them have is at the end.
_COMMON = b"""\
"faults":[{"fault":"DataLacking","cause":"Connection"}],"details":[],\
"status":{"activation":"Active","createdAt":"2026-01-01T00:00:00Z"},"trigger":{"type":\
"active":false,"severity":"Warning","endAt":"2026-\
{"type":"Fuel","subType":"FossilEnergy","level":100.0,"autonomy":"consumption":"avgConsumption":\
"segments":[{"propulsion":"Electric","percent":10,"distance":1},{"propulsion":"Thermal","percent":\
{"id":"0123456789abcdef","createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z",\
"startedAt":"2026-01-02T03:04:05Z","duration":600,"distance":10.5,"startMileage":12345.6,\
"startEnergies":[{"type":"Electric","subType":"ElectricEnergy","level":80.5,"autonomy":250}],\
"energyConsumptions":[{"type":"Electric","subType":"ElectricEnergy","consumption":1500.0,\
"avgConsumption":15000}],"kinetic":{"avgSpeed":12.5,"maxSpeed":90.0},"done":true,\
"stoppedAt":"2026-01-02T03:04:05Z","endEnergies":[{"type":"Electric","subType":"ElectricEnergy",\
"level":75.5,"autonomy":225}],"startPosition":{"type":"Feature","geometry":{"type":"Point",\
"coordinates":[2.25,48.75,73]},"properties":{"heading":90,"signalQuality":9,"type":"Acquire",\
"fixStatus":"3D","createdAt":"2026-01-02T03:04:05Z"}},"stopPosition":{"type":"Feature",\
"geometry":{"type":"Point","coordinates":[2.25,48.75,73]},"properties":{"heading":90,\
"signalQuality":9,"type":"Acquire","fixStatus":"3D","createdAt":"2026-01-02T03:04:05Z"}}}"""


# Of 4096 bytes, which need little memory to set up; negative for data without a header.
_WINDOW = -12
_MEMORY_LEVEL = 5


def pack(text: bytes) -> bytes:
    """Return a text compressed."""
    compressor = zlib.compressobj(wbits=_WINDOW, memLevel=_MEMORY_LEVEL, zdict=_COMMON)
    return compressor.compress(text) + compressor.flush()


def unpack(packed: bytes) -> bytes:
    """Return a text that was compressed."""
    return zlib.decompressobj(_WINDOW, zdict=_COMMON).decompress(packed)
