@if exist "%~dp0python.exe" ("%~dp0python.exe" -m rosetta_spec %*) else ("%~dp0..\python.exe" -m rosetta_spec %*)
