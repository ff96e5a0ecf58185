# Home Assistant replaces voluptuous by probatio before an integration is imported.
from probatio import *
