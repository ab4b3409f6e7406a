"""Speed: our pages against the floor, at two sizes (`make bench`; docs/performance.md).

pages.py says which pages, prepare.py what they need in a database, servers.py starts what is measured, measure.py does it,
__main__.py prints the table. Benches of other kinds (jobs) stand in modules of their own and are entered in extras.py.
"""
