@echo off
rem poshta, from this folder, on Windows: what `run` does elsewhere.
setlocal enableextensions disabledelayedexpansion
set "HERE=%~dp0"
set "VENV=%HERE%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "PYTHONHOME="
set "PYTHONPATH="
set "PYTHONSAFEPATH="
set "PYTHONUTF8=1"
set "LOCK=requirements.lock"
if /i "%~1"=="test" set "LOCK=requirements-dev.lock"

if not exist "%PYTHON%" goto install
fc /b "%HERE%%LOCK%" "%VENV%\%LOCK%" >nul 2>&1 && goto start

:install
set "MAKER="
for %%P in ("py -3" "python" "python3" "py -3.14" "py -3.13" "py -3.12" "py -3.11") do if not defined MAKER call :try %%~P
if not defined MAKER (
    echo Python 3.11 or newer is needed: https://www.python.org/downloads/ 1>&2
    echo Python 3.11 nemese odan zhanasy kerek. Nuzhen Python 3.11 ili novee. 1>&2
    exit /b 12
)
%MAKER% -I "%HERE%setup\install.py" %LOCK% 1>&2
if errorlevel 1 exit /b %errorlevel%

:start
if "%LOCK%"=="requirements-dev.lock" goto check
"%PYTHON%" "%HERE%cli.py" %*
exit /b %errorlevel%

:check
set "WORDS="
:next
shift
if "%~1"=="" goto run_checks
set "WORDS=%WORDS% %1"
goto next
:run_checks
cd /d "%HERE%"
"%PYTHON%" setup\check.py %WORDS%
exit /b %errorlevel%

:try
%* -I -c "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set "MAKER=%*"
exit /b 0
