"""Build templates/ITA_template.xlsx anew."""

from ita_xl.drawing.template import template
from ita_xl.engines.shipped import template_path
from ita_xl.files import write_whole

if __name__ == "__main__":
    write_whole(template_path(), template())
    print(template_path().name)
