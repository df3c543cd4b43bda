"""Text messages by a gateway that takes one as JSON.

    POST  Authorization: Bearer TOKEN
    {"to": "+447700900123", "text": "…", "valid_until": "2026-12-01T18:00:00+00:00"}

`valid_until` is the end of the safe time: a gateway drops a message that a phone which was turned
off has not taken by then.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime

from safehold.domain.gateways import SmsGateway
from safehold.records.nudges.transports import NotDelivered, Unanswered

_TIMEOUT = 10  # seconds
_REFUSED_ADDRESS = 422


@dataclass(frozen=True, slots=True)
class SmsByHttp:
    """A gateway for text messages."""

    gateway: SmsGateway

    def send(self, address: str, subject: str, text: str, *, until: datetime) -> None:
        """Hand one text message over; it has no subject. Raises NotDelivered, or Unanswered."""
        content = {"to": address, "text": text, "valid_until": until.astimezone(UTC).isoformat()}
        request = urllib.request.Request(  # noqa: S310 - `sms_gateway` checked the scheme
            self.gateway.url,
            data=json.dumps(content).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.gateway.token}",
            },
            method="POST",
        )
        try:
            with self._opener().open(request, timeout=_TIMEOUT):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            for_good = error.code == _REFUSED_ADDRESS
            sentence = f"The gateway for text messages answered {error.code}."
            raise NotDelivered(sentence, for_good=for_good) from None
        except urllib.error.URLError:  # nothing else, until all of the request has left
            raise NotDelivered("The gateway for text messages cannot be reached.") from None
        except (OSError, http.client.HTTPException):
            raise Unanswered("The gateway for text messages has not answered.") from None

    def _opener(self) -> urllib.request.OpenerDirector:
        # Put together by hand so that nothing follows a redirect, to whom nobody chose.
        opener = urllib.request.OpenerDirector()
        for part in (
            *(() if self.gateway.here else (urllib.request.ProxyHandler,)),
            urllib.request.HTTPHandler,
            urllib.request.HTTPSHandler,
            urllib.request.HTTPDefaultErrorHandler,
            urllib.request.HTTPErrorProcessor,
        ):
            opener.add_handler(part())
        return opener
