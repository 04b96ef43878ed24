"""Each component as a template writes it, with words that want to be markup."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from shouhou.web.components.leaves import band

HOSTILE = '"><script>alert(1)</script>'
ESCAPED = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% tag words %}",
        "{% tag words href=words %}",
        "{% button words %}",
        "{% button words href=words hx_post=words %}",
        "{% icon 'note' label=words %}",
        "{% bar 0.3 label=words rest=words %}",
        "{% stat words words note=words href=words %}",
        "{% seal words words %}",
        "{% step words words %}",
        "{% page_head title=words note=words %}{{ words }}{% endpage_head %}",
        "{% card title=words aside=words foot=words %}{{ words }}{% endcard %}",
        "{% table caption=words %}{{ words }}{% endtable %}",
        "{% field label=words id='x' help=words error=words %}<input id='x'>{% endfield %}",
        "{% dialog id='d' title=words foot=words %}{{ words }}{% enddialog %}",
        "{% drawer id='d' title=words %}{{ words }}{% enddrawer %}",
        "{% empty title=words text=words %}{{ words }}{% endempty %}",
        "{% notice title=words %}{{ words }}{% endnotice %}",
        "{% timeline label=words %}{% moment at=words by=words %}{{ words }}{% endmoment %}{% endtimeline %}",
        "{% stepper label=words %}{% step words %}{% endstepper %}",
        "{% checklist label=words %}{% check False %}{{ words }}{% endcheck %}{% endchecklist %}",
        "{% sheet title=words copy=words aside=words void=words %}{{ words }}{% endsheet %}",
        "{% signature_pad words label=words error=words %}",
        "{% photo_input words label=words error=words %}",
    ],
)
def test_it_shows_hostile_words_as_words(source: str) -> None:
    drawn = draw(source, words=HOSTILE)
    assert "<script" not in drawn
    assert ESCAPED in drawn


@pytest.mark.parametrize(("used", "name"), [(0, "kept"), (0.5, "half"), (0.75, "risk"), (1, "late"), (3.2, "late")])
def test_a_promise_has_the_band_of_its_used_time(used: float, name: str) -> None:
    assert band(used) == name
    assert f"bar-{name}" in draw("{% bar used %}", used=used)


def test_a_paused_promise_is_said_so() -> None:
    drawn = draw("{% bar 0.9 'paused' label='visit 6 h' rest='paused 18:20' %}")
    assert "bar-paused" in drawn
    assert "paused 18:20" in drawn


@pytest.mark.parametrize(
    "source", ["{% tag 'x' tone='pink' %}", "{% bar 1 'pink' %}", "{% notice tone='pink' %}{% endnotice %}"]
)
def test_it_refuses_a_colour_that_is_not_drawn(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(source)


def test_it_refuses_an_icon_that_is_not_vendored() -> None:
    with pytest.raises(KeyError):
        draw("{% icon 'dragon' %}")


@pytest.mark.parametrize(
    ("letter", "title"), [("A", "A: charged"), ("D", "D: internal"), ("", "Work class not yet assigned")]
)
def test_a_work_class_says_what_it_means(letter: str, title: str) -> None:
    assert f'aria-label="{title}"' in draw("{% work_class letter %}", letter=letter)


def test_a_number_is_shown_masked() -> None:
    drawn = draw("{% masked_phone '+8613812342071' %}")
    assert "138****2071" in drawn
    assert "1234" not in drawn


@pytest.mark.parametrize("source", ["{% when nothing %}", "{% day nothing %}", "{% masked_phone '' %}"])
def test_what_is_not_known_is_a_dash(source: str) -> None:
    assert draw(source, nothing=None) == "—"


def test_a_button_takes_further_attributes() -> None:
    drawn = draw(
        "{% button 'Save' type='button' hx_post='/x' hx_confirm=nothing disabled=True hidden=False %}", nothing=None
    )
    assert drawn == '<button class="btn" type="button" hx-post="/x" disabled><span>Save</span></button>'


def test_a_button_says_its_key_to_the_screen_reader() -> None:
    assert 'data-key="n" aria-keyshortcuts="N"' in draw("{% button 'New call' key='n' href='/calls/new' %}")


class CallForm(forms.Form):
    phone = forms.CharField(label="Telephone", help_text="With its area code.")
    fault = forms.CharField(label="Fault", required=False, widget=forms.Textarea(attrs={"placeholder": "Fault"}))
    work_class = forms.ChoiceField(label="Class", choices=[("A", "A"), ("B", "B")], widget=forms.RadioSelect)
    urgent = forms.BooleanField(label="Urgent", required=False)
    origin = forms.CharField(widget=forms.HiddenInput, initial="phone")


def test_a_field_ties_help_and_error_to_its_control() -> None:
    drawn = draw("{% field form.phone %}{% endfield %}", form=CallForm({}))
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in drawn
    assert 'id="id_phone_helptext"' in drawn
    assert 'id="id_phone_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_a_hand_written_control_is_tied_as_well() -> None:
    drawn = draw('{% field form.phone %}<input id="id_phone" name="phone">{% endfield %}', form=CallForm({}))
    assert '<input id="id_phone" aria-describedby="id_phone_helptext id_phone_error" aria-invalid="true"' in drawn


def test_a_group_of_choices_has_a_legend() -> None:
    drawn = draw("{% field form.work_class %}{% endfield %}", form=CallForm())
    assert "<fieldset" in drawn
    assert "<legend" in drawn


def test_a_box_stands_before_its_label_and_is_not_called_optional() -> None:
    drawn = draw("{% field form.urgent %}{% endfield %}", form=CallForm())
    assert drawn.index("<input") < drawn.index("<label")
    assert "optional" not in drawn


def test_what_may_be_left_out_says_so_and_repeats_no_label() -> None:
    drawn = draw("{% field form.fault %}{% endfield %}", form=CallForm())
    assert "optional" in drawn
    assert "placeholder" not in drawn


def test_a_whole_form_keeps_its_hidden_fields_and_its_own_error() -> None:
    form = CallForm({"phone": "1", "work_class": "A"})
    form.add_error(None, "The unit was sold after this date.")
    drawn = draw("{% fields form %}", form=form)
    assert 'type="hidden" name="origin"' in drawn
    assert "The unit was sold after this date." in drawn
    assert drawn.count('class="field"') == 4


def test_a_piece_can_be_handed_to_a_component() -> None:
    drawn = draw("{% fill as foot %}<b>{{ words }}</b>{% endfill %}{% card foot=foot %}{% endcard %}", words=HOSTILE)
    assert f"<b>{ESCAPED}</b></footer>" in drawn
