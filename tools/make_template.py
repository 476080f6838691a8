"""Build templates/ITA_template.xlsx anew."""

from ita_xl.files import write_whole
from ita_xl.workbook.draw.template import template
from ita_xl.workbook.place import template_path

if __name__ == "__main__":
    write_whole(template_path(), template())
    print(template_path().name)
